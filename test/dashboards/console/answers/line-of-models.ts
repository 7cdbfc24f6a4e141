import type { ModelVersionView, TrainingView } from '#core';

const DAY_MS = 86_400_000;

/** A version's way, from which its answers are made. Times are ISO 8601 in UTC. */
export interface LineSketch {
  readonly version: number;
  readonly status: ModelVersionView['status'];
  readonly cause: TrainingView['cause'];
  readonly algorithm: 'logistic-regression' | 'boosting';
  readonly requestId: string;
  readonly requestedAt: string;
  readonly trained: { readonly from: string; readonly to: string; readonly rows: number };
  readonly shadow: { readonly from: string; readonly to?: string; readonly due?: string } | undefined;
  readonly live: readonly { readonly from: string; readonly to?: string }[];
  readonly gate?: {
    readonly against: number;
    readonly rows: number;
    readonly low: number;
    readonly high: number;
    readonly failed: readonly string[];
  };
  readonly evidence: readonly { readonly cause: TrainingView['cause']; readonly summary: string; readonly target?: string }[];
  readonly outcome: TrainingView['outcome'];
  readonly reason: string;
  readonly actor: string;
  readonly decisions: number | null;
}

/** Midnight of a day, so many days later. */
export function midnight(day: string, plusDays = 0): string {
  return new Date(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) + plusDays * DAY_MS).toISOString();
}

const TRIAL_DAYS = 21;
const HORIZON_DAYS = 30;

type Rest = Pick<LineSketch, 'version' | 'status' | 'cause' | 'evidence' | 'reason' | 'decisions'> &
  Partial<Pick<LineSketch, 'gate' | 'actor' | 'algorithm'>> & {
    readonly rows: number;
    readonly live: readonly (readonly [string, string?])[];
  };

/** A version that was asked for on a day, scored in shadow for three weeks, and then met its gate. */
function asked(day: string, { rows, live, ...rest }: Rest): LineSketch {
  const isOnTrial = rest.status === 'shadow';
  const ends = midnight(day, TRIAL_DAYS);
  const outcomes = { shadow: 'in_shadow', refused: 'not_promoted' } as const;
  return {
    algorithm: 'boosting',
    actor: 'gate',
    ...rest,
    requestId: `repurchase/${day}`,
    requestedAt: midnight(day),
    trained: { from: midnight('2010-12-01'), to: midnight(day, -HORIZON_DAYS), rows },
    shadow: isOnTrial ? { from: midnight(day), due: ends } : { from: midnight(day), to: ends },
    live: live.map(([from, to]) => ({ from: time(from), ...(to === undefined ? {} : { to: time(to) }) })),
    outcome: rest.status === 'shadow' || rest.status === 'refused' ? outcomes[rest.status] : 'promoted',
  };
}

function time(text: string): string {
  return text.includes('T') ? text : midnight(text);
}

const schedule = { cause: 'schedule', summary: '28 days since the last training; the schedule is 28.' } as const;

const FIRST: LineSketch = {
  version: 1,
  status: 'retired',
  cause: 'first_model',
  algorithm: 'logistic-regression',
  requestId: 'repurchase/2011-01-31',
  requestedAt: midnight('2011-01-31'),
  trained: { from: midnight('2010-12-01'), to: midnight('2011-01-01'), rows: 1_402 },
  shadow: { from: midnight('2011-03-14') },
  live: [{ from: midnight('2011-01-31'), to: midnight('2011-03-14') }],
  evidence: [],
  outcome: 'promoted',
  reason: 'First model: AUC 0.741 on the newest fifth of its rows',
  actor: 'bundled trainer',
  decisions: 1_924,
};

/** The ten versions of the year, oldest first. */
export const LINE: readonly LineSketch[] = [
  FIRST,
  asked('2011-02-21', {
    version: 2,
    status: 'retired',
    cause: 'drift',
    rows: 2_311,
    live: [['2011-03-14', '2011-04-11']],
    gate: { against: 1, rows: 612, low: -0.0312, high: -0.0049, failed: [] },
    evidence: [
      {
        cause: 'drift',
        summary: 'purchase_history.days_since_purchase: PSI 1.91, limit 0.2, 2 windows in a row.',
        target: 'purchase_history.days_since_purchase',
      },
      {
        cause: 'drift',
        summary: 'purchase_history.purchases_60d: KS 0.34, p < 0.0001, limit 0.15.',
        target: 'purchase_history.purchases_60d',
      },
    ],
    reason: 'Better on 612 outcomes it was not trained on: log loss lower by 0.0181',
    decisions: 1_502,
  }),
  asked('2011-03-21', {
    version: 3,
    status: 'retired',
    cause: 'schedule',
    rows: 3_640,
    live: [['2011-04-11', '2011-05-09']],
    gate: { against: 2, rows: 704, low: -0.0228, high: -0.0011, failed: [] },
    evidence: [schedule],
    reason: 'Better on 704 outcomes it was not trained on: log loss lower by 0.0120',
    decisions: 1_488,
  }),
  asked('2011-04-18', {
    version: 4,
    status: 'retired',
    cause: 'new_outcomes',
    rows: 5_120,
    live: [
      ['2011-05-09', '2011-06-06'],
      ['2011-07-18T14:20:00.000Z', '2011-10-31'],
    ],
    gate: { against: 3, rows: 688, low: -0.0251, high: -0.0032, failed: [] },
    evidence: [{ cause: 'new_outcomes', summary: '1,480 outcomes have matured since the last training; 1,000 are asked for.' }],
    reason: 'Rolled back to it: v5 scores wholesale customers far too low',
    actor: 'jana.k',
    decisions: 6_771,
  }),
  asked('2011-05-16', {
    version: 5,
    status: 'rolled_back',
    cause: 'schedule',
    rows: 6_502,
    live: [['2011-06-06', '2011-07-18T14:20:00.000Z']],
    gate: { against: 4, rows: 731, low: -0.0187, high: -0.0004, failed: [] },
    evidence: [schedule],
    reason: 'Taken back by jana.k: v5 scores wholesale customers far too low',
    actor: 'jana.k',
    decisions: 2_418,
  }),
  asked('2011-06-13', {
    version: 6,
    status: 'refused',
    cause: 'schedule',
    rows: 7_933,
    live: [],
    gate: { against: 5, rows: 702, low: -0.0094, high: 0.0061, failed: ['log_loss'] },
    evidence: [schedule],
    reason: 'Not better beyond chance: the interval of the difference reaches over 0',
    decisions: null,
  }),
  asked('2011-08-01', {
    version: 7,
    status: 'refused',
    cause: 'schedule',
    rows: 9_820,
    live: [],
    gate: { against: 4, rows: 655, low: -0.0021, high: 0.0174, failed: ['log_loss', 'calibration'] },
    evidence: [schedule],
    reason: 'Log loss is not lower, and calibration is worse by 0.032',
    decisions: null,
  }),
  asked('2011-10-10', {
    version: 8,
    status: 'live',
    cause: 'quality_loss',
    rows: 13_204,
    live: [['2011-10-31']],
    gate: { against: 4, rows: 844, low: -0.0402, high: -0.0137, failed: [] },
    evidence: [
      {
        cause: 'quality_loss',
        summary: 'Log loss 0.612 over the last 28 days against 0.548 held out; the limit is 0.578, 2 windows in a row.',
        target: 'outcome',
      },
      schedule,
    ],
    reason: 'Better on 844 outcomes it was not trained on: log loss lower by 0.0270',
    decisions: 3_902,
  }),
  asked('2011-11-07', {
    version: 9,
    status: 'refused',
    cause: 'schedule',
    rows: 15_011,
    live: [],
    gate: { against: 8, rows: 241, low: -0.0208, high: 0.0192, failed: ['outcomes', 'log_loss'] },
    evidence: [schedule],
    reason: 'Too few outcomes have matured, and the interval of the difference reaches over 0',
    decisions: null,
  }),
  asked('2011-11-28', {
    version: 10,
    status: 'shadow',
    cause: 'drift',
    rows: 15_740,
    live: [],
    evidence: [
      {
        cause: 'drift',
        summary: 'latest_purchase.units: PSI 0.27, limit 0.2, 2 windows in a row.',
        target: 'latest_purchase.units',
      },
      { cause: 'drift', summary: 'score: KS 0.19, p < 0.0001, limit 0.15, 2 windows in a row.', target: 'score' },
      schedule,
    ],
    reason: 'On trial: scores beside v8 until 2011-12-19, and decides nothing',
    decisions: null,
  }),
];
