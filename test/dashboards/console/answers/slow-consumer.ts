import type { Cohort, Diagnosis, IncidentAnswer, NearbyChange } from '#core';
import { bare, before, change, diagnosis, FINGERPRINTS, summary, TEAMS } from './incident-parts.ts';
import { LATENCY_RUNBOOK } from './latency-runbook.ts';
import { hex, identity, minutesBefore, PIPELINE } from './parts.ts';

/** The canned incident that has everything: a deploy made the consumer slow, and a decoy happened meanwhile. */

const START = before(12.07);

const GOOD = { broker_wait: 8.1, batch_wait: 6.2, contract: 0.4, feature_read: 1.9, model_queue: 4.4, model_compute: 3.6 };
const BAD = { broker_wait: 692.4, batch_wait: 41.7, contract: 0.4, feature_read: 2, model_queue: 61.3, model_compute: 3.7 };
const BUDGETS = { broker_wait: 10, batch_wait: 10, contract: 2, feature_read: 3, model_queue: 5, model_compute: 5 };
const REST = [
  { stage: 'decide', good: 0.2, bad: 0.2, budget: 1 },
  { stage: 'publish', good: 15.8, bad: 16.3, budget: 20 },
  { stage: 'unattributed', good: 0.6, bad: 0.9, budget: null },
] as const;

function cohort(which: 'good' | 'bad'): Cohort {
  const means = which === 'good' ? GOOD : BAD;
  const stages: Cohort['stages'] = [
    ...Object.entries(means).map(([stage, meanMs]) => {
      const name = stage as keyof typeof GOOD;
      return { stage: name, meanMs, p99Ms: meanMs * 3.1, budgetMeanMs: BUDGETS[name] };
    }),
    ...REST.map(({ stage, budget, ...of }) => ({ stage, meanMs: of[which], p99Ms: of[which] * 2.4, budgetMeanMs: budget })),
  ];
  const sum = stages.reduce((total, { meanMs }) => total + meanMs, 0);
  return {
    from: which === 'good' ? before(72) : START,
    to: which === 'good' ? before(14) : before(0.5),
    decisions: which === 'good' ? 2_314 : 486,
    endToEndMeanMs: sum,
    endToEndP99Ms: sum * 2.9,
    stages,
  };
}

const CHANGES: readonly NearbyChange[] = [
  {
    change: change(-3.2, {
      start: START,
      kind: 'deploy',
      subject: PIPELINE,
      summary: 'Scoring service rolled out with a synchronous audit write per record (2026.11.3).',
    }),
    minutesFromStart: -3.2,
    touches: true,
    why: 'It is the pipeline itself: every record of its consumer group passes it.',
  },
  {
    change: change(-8, {
      start: START,
      kind: 'setting',
      subject: 'returns-export',
      summary: 'Export of returns moved to 02:00 UTC.',
      actor: 'omar.h',
    }),
    minutesFromStart: -8,
    touches: false,
    why: 'Nothing on the way of repurchase reads or writes returns-export.',
  },
  {
    change: change(21, {
      start: START,
      kind: 'contract_registered',
      subject: 'loyalty.updated v3',
      summary: 'tier is an optional property.',
      actor: 'shop-platform',
    }),
    minutesFromStart: 21,
    touches: false,
    why: 'repurchase does not read loyalty.updated.',
  },
  {
    change: change(-19, {
      start: START,
      kind: 'model_shadowed',
      subject: 'repurchase',
      summary: 'repurchase v10 scores in shadow.',
      actor: 'throughline',
    }),
    minutesFromStart: -19,
    touches: true,
    why: 'It is the model of the pipeline, in shadow: it takes time of the same worker.',
  },
];

const SQL = `SELECT consumer_group, round(avg(busy_us) / 1000, 2) AS ms_per_record, max(lag) AS lag
FROM group_samples
WHERE pipeline = 'repurchase' AND at >= fromUnixTimestamp64Milli(1764020876000)
GROUP BY consumer_group`;

const DIAGNOSIS: Diagnosis = diagnosis(START, {
  summary: 'Processing per record rose from 0.9 ms to 14.6 ms in group repurchase since the deploy 2026.11.3.',
  hypotheses: [
    {
      rank: 1,
      cause: 'slow_consumer',
      title: 'Processing per record rose from 0.9 ms to 14.6 ms in group repurchase since the deploy 2026.11.3.',
      confidence: 'high',
      score: 0.94,
      details: { group: 'repurchase', version: '2026.11.3' },
      stage: 'broker_wait',
      since: START,
      owner: TEAMS.growth,
      suspect: {
        change: CHANGES[0]?.change ?? change(0, { start: START }),
        why: 'It came 3 min before the first bad event, touches the group that is slow, and nothing else that touches it changed.',
      },
      evidence: [
        {
          summary:
            'A record keeps the group busy for 14.6 ms; for the hour before it was 0.9 ms. Arrivals are as before (31.2/s).',
          sql: SQL,
          rows: [
            { window: 'before', ms_per_record: 0.91, records_per_second: 31.4, lag: 4 },
            { window: 'during', ms_per_record: 14.62, records_per_second: 31.2, lag: 2_914 },
          ],
        },
        {
          summary: 'Lag grows on all 8 partitions alike (smallest 338, largest 391): no key is hot.',
          sql: 'SELECT partition, max(lag) AS lag FROM group_samples GROUP BY partition ORDER BY partition',
          rows: Array.from({ length: 8 }, (_none, partition) => ({ partition, lag: 338 + ((partition * 37) % 54) })),
        },
        {
          summary: 'broker wait holds 88 % of the time that was added; feature read and model compute are unchanged.',
          sql: 'SELECT avg(broker_wait_us) / 1000 FROM decisions',
          rows: [{ stage: 'broker_wait', before_ms: 8.1, during_ms: 692.4 }],
        },
      ],
      disproof:
        'Taking 2026.11.3 back does not bring processing per record under 2 ms within five minutes, or another group of the same topic is as slow.',
    },
    {
      rank: 2,
      cause: 'model_saturated',
      title: 'The worker of the model is saturated: calls queue for 61 ms.',
      confidence: 'medium',
      score: 0.38,
      details: { model: 'repurchase v8' },
      stage: 'model_queue',
      since: START,
      owner: TEAMS.ml,
      suspect: {
        change: CHANGES[3]?.change ?? change(0, { start: START }),
        why: 'A version in shadow takes time of the same worker.',
      },
      evidence: [
        {
          summary: 'model queue rose from 4.4 ms to 61.3 ms, model compute did not (3.6 ms, then 3.7 ms).',
          sql: 'SELECT avg(model_queue_us) / 1000 FROM decisions',
          rows: [{ before_ms: 4.4, during_ms: 61.3 }],
        },
      ],
      disproof: 'The queue is empty while lag still grows.',
    },
    {
      rank: 3,
      cause: 'traffic_burst',
      title: 'More events came than the pipeline declares.',
      confidence: 'low',
      score: 0.08,
      details: {},
      stage: 'broker_wait',
      since: null,
      owner: TEAMS.shop,
      suspect: null,
      evidence: [{ summary: '31.2 events/s against 50/s declared.', sql: 'SELECT 31.2', rows: [{ per_second: 31.2 }] }],
      disproof: 'Arrivals are as before: they are.',
    },
  ],
  ruledOut: [
    { cause: 'hot_partition', why: 'Lag grows on all partitions alike.' },
    { cause: 'consumer_gone', why: 'The group has its one member, seen 2 s ago.' },
    { cause: 'slow_feature_reads', why: 'feature read took 2.0 ms, 1.9 ms before.' },
    { cause: 'contract_break', why: 'No contract changed, and violations are at 1.2 % as before.' },
  ],
});

const SUMMARY = summary({
  fingerprint: FINGERPRINTS.slow,
  alert: 'LatencyBudgetBurn',
  startsAt: START,
  summary: 'repurchase burns its latency budget 31 times too fast: 44 % of decisions take longer than 400 ms.',
  firstHypothesis: DIAGNOSIS.hypotheses[0]?.title ?? null,
});

const EARLIER = [
  summary({
    fingerprint: FINGERPRINTS.slow,
    alert: 'LatencyBudgetBurn',
    startsAt: '2026-11-11T09:02:11.000Z',
    endsAt: '2026-11-11T09:40:55.000Z',
    state: 'resolved',
    acknowledgedBy: 'jana.k',
    declaredCause: { cause: 'The pool of the feature store was exhausted by a backfill.', actor: 'jana.k' },
  }),
  summary({
    fingerprint: FINGERPRINTS.slow,
    alert: 'LatencyBudgetBurn',
    startsAt: '2026-10-29T16:20:00.000Z',
    endsAt: '2026-10-29T16:31:04.000Z',
    state: 'resolved',
  }),
];

export const SLOW_CONSUMER: IncidentAnswer = {
  ...bare(SUMMARY),
  labels: {
    alertname: 'LatencyBudgetBurn',
    severity: 'page',
    pipeline: PIPELINE,
    slo: 'repurchase-latency',
    team: 'growth-analytics',
    window: '1h',
  },
  description: 'Decisions that take longer than the budget’s p99 come too late for the win-back of the same visit.',
  value: 31.4,
  impact: [
    '214 of 486 decisions since 21:47 UTC were slower than 400 ms (44 %); 0.3 % in the hour before.',
    'All 8 partitions and all 3 sources are hit alike: no customer segment stands out.',
    '31 win-backs were suggested more than two seconds after the purchase.',
    'At this pace the error budget of 30 days is gone in 23 h.',
  ],
  cohorts: { good: cohort('good'), bad: cohort('bad') },
  changes: [...CHANGES].toSorted((a, b) => Math.abs(a.minutesFromStart) - Math.abs(b.minutesFromStart)),
  exemplars: [
    ['581586:completed', 'The slowest since it began: 2.1 s of its 2.2 s in broker wait.', 2_214],
    ['581483:completed', 'Typical for what is hit.', 843],
    ['581587:completed', 'Partition 5, the least loaded: slow all the same.', 661],
  ].map(([id, note, endToEndMs]) => ({
    event: identity(String(id), minutesBefore(3)),
    fate: 'scored' as const,
    note: String(note),
    endToEndMs: Number(endToEndMs),
    traceId: id === '581483:completed' ? hex(String(id), 32) : null,
  })),
  runbook: LATENCY_RUNBOOK,
  diagnosis: DIAGNOSIS,
  audit: [
    { at: START, kind: 'opened', actor: 'throughline', text: 'LatencyBudgetBurn fires: 31.4 is over 14.4.' },
    { at: DIAGNOSIS.at, kind: 'diagnosed', actor: 'throughline', text: DIAGNOSIS.summary },
    { at: before(11.8), kind: 'notified', actor: 'throughline', text: 'Alertmanager on-call took it.' },
  ],
  earlier: EARLIER,
  links: { dashboard: '/d/throughline-pipeline?viewPanel=3&var-pipeline=repurchase', runbook: '/runbooks/LatencyBudgetBurn' },
};
