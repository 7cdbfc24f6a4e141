import { FATES } from '#core';
import type { MonthlyQuality, QualityRow } from '#drift';
import { FATE_WORDS } from '../fate-words.ts';
import type { LineProgress } from '../line.ts';
import { qualityCells } from '../quality-cells.ts';
import { formatCount, formatTable } from './tables.ts';

/** What became of every event, and the sum beside what was read. */
export function fatesTable(progress: LineProgress): string {
  const rows = FATES.filter((fate) => progress.fates[fate] > 0).map((fate) => {
    const { name, meaning } = FATE_WORDS[fate];
    return [`${name}: ${meaning}`, formatCount(progress.fates[fate])];
  });
  const sum = FATES.reduce((total, fate) => total + progress.fates[fate], 0);
  const verdict = sum === progress.eventsRead ? 'as many as were read' : `but ${formatCount(progress.eventsRead)} were read`;
  const reasons = Object.entries(progress.reasons)
    .sort(([, left], [, right]) => right - left)
    .map(([reason, count]) => [`  ${reason}`, formatCount(count)]);
  return [
    formatTable(['fate', 'events'], [...rows, [`all, ${verdict}`, formatCount(sum)]]),
    '',
    formatTable(['quarantined because', 'events'], reasons),
  ].join('\n');
}

/** The model's quality by month of the scored purchase, over those whose outcome is final. */
export function qualityTable({ months, total }: MonthlyQuality): string {
  const header = ['month', 'scored', 'matured', 'base rate', 'AUC', 'log loss', 'accuracy', 'calibration error', 'model'];
  const rows = months.map(({ month, ...row }) => [month, ...cellsWithModels(row)]);
  return formatTable(header, [...rows, ['all', ...cellsWithModels(total)]]);
}

function cellsWithModels(row: QualityRow): string[] {
  return [...qualityCells(row), row.models.map(({ version }) => `v${version}`).join(' ')];
}
