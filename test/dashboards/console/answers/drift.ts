import type { DistributionAnswer, DriftAnswer, DriftList } from '#core';
import { ALARMS, FINDINGS } from './drift-alarms.ts';
import { featureCell, outcomeCell, psiOf, scoreCell } from './drift-measures.ts';
import { JOB, WINDOWS, weekEnd, windowAt, windowOf } from './drift-weeks.ts';
import { INPUTS } from './inputs.ts';
import type { Scenario } from './overview.ts';
import { fraction, PIPELINE } from './parts.ts';

const HEADER = {
  job: JOB,
  owner: 'ml-platform',
  description:
    'Each week’s served features and scores against the training of the model that decided them, and what became of the last four weeks of its predictions.',
  pipeline: PIPELINE,
  model: 'repurchase',
} as const;

const isUnread = (scenario: Scenario): boolean => scenario === 'backlog';

/** GET /api/drift/:job. */
export function driftAnswer(job: string, scenario: Scenario): DriftAnswer | undefined {
  if (job !== JOB) return undefined;
  if (isUnread(scenario)) return { ...HEADER, windows: [], targets: [], alarms: [], findings: [] };
  const indices = Array.from({ length: WINDOWS }, (_none, index) => index);
  return {
    ...HEADER,
    windows: indices.map((index) => windowAt(index)),
    targets: [
      ...INPUTS.map((target) => ({
        target,
        kind: 'feature' as const,
        cells: indices.map((index) => featureCell(target, index)),
      })),
      { target: 'score', kind: 'score', cells: indices.map((index) => scoreCell(index)) },
      { target: 'outcome', kind: 'outcome', cells: indices.map((index) => outcomeCell(index)) },
    ],
    alarms: [...ALARMS],
    findings: [...FINDINGS],
  };
}

/** GET /api/drift. */
export function drifts(scenario: Scenario): DriftList {
  const isEmpty = isUnread(scenario);
  const summary = {
    ...HEADER,
    windows: isEmpty ? 0 : WINDOWS,
    lastWindow: isEmpty ? null : windowOf(WINDOWS - 1),
    openAlarms: isEmpty ? 0 : 2,
    openFindings: isEmpty ? 0 : 1,
  };
  if (scenario !== 'huge') return { jobs: [summary] };
  return { jobs: [summary, { ...summary, job: 'returns-daily', model: 'returns', windows: 12, openAlarms: 0, openFindings: 0 }] };
}

const TENTHS = 10;

/** GET /api/drift/:job/distribution: a reference of tenths, and a window that leans to the right the more it drifted. */
export function distribution(target: string, to: string): DistributionAnswer | undefined {
  const index = Array.from({ length: WINDOWS }, (_none, each) => each).find((each) => weekEnd(each) === to);
  if (index === undefined || (target !== 'score' && !INPUTS.some((name) => name === target))) return undefined;
  const { from, reference, decisions } = windowAt(index);
  const lean = Math.min(psiOf(target, index), 1) * 0.9;
  const raw = Array.from({ length: TENTHS }, (_none, bin) =>
    Math.max(0.01, 0.1 + lean * 0.05 * (bin - 4.5) + 0.02 * (fraction(`${target} ${to} ${bin}`) - 0.5)),
  );
  const sum = raw.reduce((total, share) => total + share, 0);
  const scale = target === 'score' ? 0.1 : 4 * (1 + 6 * fraction(target));
  return {
    target,
    window: { from, to },
    reference,
    rows: decisions,
    referenceRows: 2_897,
    edges: Array.from({ length: TENTHS - 1 }, (_none, bin) =>
      target === 'score' ? 0.1 * (bin + 1) : scale * (1.45 ** (bin + 1) - 1),
    ),
    referenceShares: Array.from({ length: TENTHS }, (_none, bin) => 0.1 + 0.012 * (fraction(`${target} reference ${bin}`) - 0.5)),
    shares: raw.map((share) => share / sum),
    nullRate: target.startsWith('cancellations.') ? 0.86 : 0.004,
    referenceNullRate: target.startsWith('cancellations.') ? 0.88 : 0.004,
  };
}
