import { FATES } from '#core';
import type { LineCounts, MonthlyQuality, QualityRow, Statistic } from '#drift';
import { FATE_WORDS } from '../fate-words.ts';
import type { LineProgress } from '../line.ts';
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

/**
 * The line of models by month of the scored event, beside the frozen first model on the same events, over those whose outcome is final;
 * and what was decided in that month.
 */
export function lineTable({ months, total }: MonthlyQuality, counts: ReadonlyMap<string, LineCounts>): string {
  const header = [
    'month',
    'matured',
    'base rate',
    'AUC',
    'frozen',
    'log loss',
    'frozen',
    'accuracy',
    'frozen',
    'decided by',
    'reviews',
  ];
  const rows = months.map(({ month, ...row }) => [month, ...figuresOf(row), versionsOf(row), reviewsOf(counts.get(month))]);
  const all = [...counts.values()].reduce<LineCounts>(
    (sum, { trainings, promotions, refusals }) => ({
      trainings: sum.trainings + trainings,
      promotions: sum.promotions + promotions,
      refusals: sum.refusals + refusals,
    }),
    { trainings: 0, promotions: 0, refusals: 0 },
  );
  return formatTable(header, [...rows, ['all', ...figuresOf(total), `${total.models.length} versions`, reviewsOf(all)]]);
}

function figuresOf({ matured, baseRate, frozen, ...governed }: QualityRow): string[] {
  const pairs = (['auc', 'logLoss', 'accuracy'] as const).flatMap((name) => [governed[name], frozen[name]]);
  return [formatCount(matured), ...[baseRate, ...pairs].map(figureCell)];
}

function versionsOf({ models }: QualityRow): string {
  return models.map(({ version }) => `v${version}`).join(' ');
}

const WORDS = [
  ['trainings', 'trained'],
  ['promotions', 'promoted'],
  ['refusals', 'refused'],
] as const;

function reviewsOf(counts: LineCounts | undefined): string {
  if (counts === undefined) return '';
  return WORDS.flatMap(([name, word]) => (counts[name] === 0 ? [] : [`${counts[name]} ${word}`])).join(', ');
}

/** A dash where it cannot be computed. */
function figureCell(statistic: Statistic): string {
  return statistic.status === 'ok' ? statistic.value.toFixed(3) : '–';
}
