import type { AlertList, AlertView, SloList, SloView } from '#core';
import { before, FINGERPRINTS, TEAMS } from './incident-parts.ts';
import { CONTRACT_BREAK } from './other-incidents.ts';
import type { Scenario } from './overview.ts';
import { fraction, hex, PIPELINE } from './parts.ts';
import { SLOW_CONSUMER } from './slow-consumer.ts';

type BurnRate = SloView['burnRates'][number];

const WINDOWS = [
  { severity: 'page', longSeconds: 3_600, shortSeconds: 300, factor: 14.4 },
  { severity: 'page', longSeconds: 21_600, shortSeconds: 1_800, factor: 6 },
  { severity: 'ticket', longSeconds: 86_400, shortSeconds: 7_200, factor: 3 },
  { severity: 'ticket', longSeconds: 259_200, shortSeconds: 21_600, factor: 1 },
] as const;

interface SloSketch {
  readonly slo: string;
  readonly sli: SloView['sli'];
  readonly owner: SloView['owner'];
  readonly description: string;
  readonly objective: number;
  readonly events: number;
  readonly bad: number;
  readonly alert: string;
  /** Burn rates of the long windows; the short ones are near them. */
  readonly burns: readonly (number | null)[];
  readonly problem?: string;
}

const SKETCHES: readonly SloSketch[] = [
  {
    slo: 'repurchase-latency',
    sli: 'latency',
    owner: TEAMS.growth,
    description: 'A decision is durable within 400 ms, so that the win-back reaches the same visit.',
    objective: 0.99,
    events: 61_204,
    bad: 380,
    alert: 'LatencyBudgetBurn',
    burns: [31.4, 6.2, 1.7, 0.6],
  },
  {
    slo: 'repurchase-freshness',
    sli: 'freshness',
    owner: TEAMS.growth,
    description: 'Features are no older than their views promise.',
    objective: 0.995,
    events: 244_816,
    bad: 118,
    alert: 'FreshnessBudgetBurn',
    burns: [0, 0.2, 0.1, 0.1],
  },
  {
    slo: 'repurchase-contract',
    sli: 'contract',
    owner: TEAMS.shop,
    description: 'Events fit their contract.',
    objective: 0.98,
    events: 1_840_112,
    bad: 39_406,
    alert: 'ContractBudgetBurn',
    burns: [9.1, 4.8, 3.4, 1.2],
  },
  {
    slo: 'repurchase-outcomes',
    sli: 'outcomes',
    owner: TEAMS.ml,
    description: 'Outcomes are joined within their horizon.',
    objective: 0.98,
    events: 14_291,
    bad: 271,
    alert: 'OutcomeBudgetBurn',
    burns: [null, 0.4, 0.9, 0.8],
    problem: 'The query of the last hour failed: the table outcomes is being merged. The figures are of the hour before.',
  },
  {
    slo: 'repurchase-retraining',
    sli: 'retraining',
    owner: TEAMS.ml,
    description: 'A retraining ends within a day: promoted or refused.',
    objective: 0.9,
    events: 0,
    bad: 0,
    alert: 'RetrainingBudgetBurn',
    burns: [null, null, null, null],
  },
];

function burnRates(burns: readonly (number | null)[]): BurnRate[] {
  return WINDOWS.map((window, index) => {
    const long = burns[index] ?? null;
    const short = long === null ? null : long * 1.08;
    return { ...window, long, short, isFiring: long !== null && long > window.factor };
  });
}

function history(slo: string, { events, bad }: SloSketch): SloView['history'] {
  if (events === 0) return [];
  return Array.from({ length: 60 }, (_none, index) => {
    const of = Math.round((events / 60) * (0.6 + 0.8 * fraction(`${slo} ${index}`)));
    const spike = index === 59 ? 9 : 0.3 + 1.2 * fraction(`${slo} bad ${index}`);
    return {
      at: new Date(Date.parse('2026-10-25T22:00:00.000Z') + index * 43_200_000).toISOString(),
      events: index === 17 ? 0 : of,
      badShare: index === 17 ? null : Math.min(1, (bad / events) * spike),
    };
  });
}

export function slos(scenario: Scenario): SloList {
  const isCalm = scenario === 'backlog';
  const views = SKETCHES.map((sketch): SloView => {
    const { burns, problem = null, bad, events, objective, ...more } = sketch;
    const spent = events === 0 ? null : bad / (events * (1 - objective));
    return {
      ...more,
      objective,
      events,
      bad,
      pipeline: PIPELINE,
      periodSeconds: 2_592_000,
      budgetLeft: spent === null ? null : 1 - spent,
      burnRates: burnRates(isCalm ? burns.map((burn) => (burn === null ? null : Math.min(burn, 0.7))) : burns),
      history: history(sketch.slo, sketch),
      problem,
    };
  });
  return { slos: views, coverage: { alerts: 16, withRunbook: isCalm ? 16 : 15, verified: 12 } };
}

const SQL = `SELECT avg(slow) / (1 - 0.99) AS value
FROM (
  SELECT end_to_end_us > 400000 AS slow
  FROM decisions
  WHERE pipeline = 'repurchase' AND NOT backlog AND NOT skewed
    AND appended >= fromUnixTimestamp64Milli({nowMs:Int64} - 3600000)
)`;

function rule(id: string, more: Partial<AlertView> & Pick<AlertView, 'alert'>): AlertView {
  return {
    id,
    severity: 'ticket',
    pipeline: PIPELINE,
    slo: null,
    owner: TEAMS.growth,
    description: 'What it means for those who use the pipeline stands here, in a sentence.',
    state: 'ok',
    problem: null,
    evaluatedAt: before(0.2),
    threshold: 1,
    forSeconds: 120,
    value: Math.round(100 * fraction(id)) / 200,
    series: [],
    hasRunbook: true,
    sql: SQL,
    promql: `throughline_alert_value{alert="${more.alert}"} > ${more.threshold ?? 1}`,
    dashboard: '/d/throughline-pipeline?viewPanel=3',
    ...more,
  };
}

const LATENCY_RULES = WINDOWS.map(({ severity, longSeconds, factor }, index) =>
  rule(`latency-${index}`, {
    alert: 'LatencyBudgetBurn',
    severity,
    slo: 'repurchase-latency',
    threshold: factor,
    forSeconds: 0,
    description: `The latency budget burns ${factor} times too fast over ${longSeconds / 3_600} h.`,
  }),
);

const QUIET: readonly AlertView[] = [
  ...LATENCY_RULES.slice(1),
  rule('freshness-0', { alert: 'FreshnessBudgetBurn', severity: 'page', slo: 'repurchase-freshness', threshold: 14.4 }),
  rule('consumer-group-empty', { alert: 'ConsumerGroupEmpty', severity: 'page', value: 0, threshold: 0 }),
  rule('feature-view-stale', { alert: 'FeatureViewStale', owner: TEAMS.ml }),
  rule('candidate-gap', { alert: 'CandidateGap', owner: TEAMS.ml, state: 'unknown', evaluatedAt: null, value: null }),
  rule('watchdog', {
    alert: 'Watchdog',
    severity: 'none',
    state: 'firing',
    value: 1,
    threshold: 0,
    series: [
      {
        fingerprint: hex('watchdog', 16),
        state: 'firing',
        since: before(9_000),
        labels: {},
        value: 1,
        summary: 'Alerts arrive.',
        hasIncident: false,
      },
    ],
  }),
];

const BURNING: readonly AlertView[] = [
  {
    ...(LATENCY_RULES[0] ?? rule('latency-0', { alert: 'LatencyBudgetBurn' })),
    state: 'firing',
    value: 31.4,
    series: [
      {
        fingerprint: FINGERPRINTS.slow,
        state: 'firing',
        since: SLOW_CONSUMER.incident.startsAt,
        labels: SLOW_CONSUMER.labels,
        value: 31.4,
        summary: SLOW_CONSUMER.incident.summary,
        hasIncident: true,
      },
    ],
  },
  rule('quarantine-growing', {
    alert: 'QuarantineGrowing',
    state: 'firing',
    owner: TEAMS.shop,
    value: 0.18,
    threshold: 0.05,
    series: [
      {
        fingerprint: FINGERPRINTS.broken,
        state: 'firing',
        since: CONTRACT_BREAK.incident.startsAt,
        labels: { ...CONTRACT_BREAK.labels, source: '/shop/france' },
        value: 0.18,
        summary: CONTRACT_BREAK.incident.summary,
        hasIncident: true,
      },
    ],
  }),
  rule('feature-values-missing', {
    alert: 'FeatureValuesMissing',
    state: 'pending',
    owner: TEAMS.ml,
    value: 0.31,
    threshold: 0.3,
    hasRunbook: false,
    series: [
      {
        fingerprint: hex('missing', 16),
        state: 'pending',
        since: before(1.4),
        labels: { view: 'basket_lines' },
        value: 0.31,
        summary: '31 % of reads of basket_lines find nothing.',
        hasIncident: false,
      },
    ],
  }),
  rule('outcomes-not-joined', {
    alert: 'OutcomesNotJoined',
    state: 'failed',
    owner: TEAMS.ml,
    value: null,
    problem: 'Its query failed: the table outcomes is being merged. It is tried again at the next evaluation.',
  }),
];

export function alerts(scenario: Scenario): AlertList {
  const isCalm = scenario === 'backlog';
  return {
    alerts: isCalm ? [rule('latency-0', { alert: 'LatencyBudgetBurn', severity: 'page' }), ...QUIET] : [...BURNING, ...QUIET],
    notifications: [
      { name: 'on-call', kind: 'alertmanager', lastSuccess: before(0.4), problem: null },
      isCalm
        ? { name: 'chat', kind: 'webhook', lastSuccess: null, problem: null }
        : {
            name: 'chat',
            kind: 'webhook',
            lastSuccess: before(73),
            problem: 'http://127.0.0.1:9099/hook answered 502, 6 times in a row. It is tried again every minute.',
          },
    ],
  };
}
