import type { Health, PipelineList, PipelineSummary, StreamTick, Timeline } from '#core';
import { FATE_WORDS } from '../../../../app/fate-words.ts';
import { LINE, type LineSketch, midnight } from './line-of-models.ts';
import { fraction, minutesBefore, PIPELINE, quarantined, scored } from './parts.ts';

/**
 * live: paced, within its latency budget but for one stage · backlog: as fast as possible, no model yet · unavailable: live, without
 * its telemetry store · huge: figures at the edge of their room.
 */
export type Scenario = 'live' | 'backlog' | 'unavailable' | 'huge';

const READ = { live: 558_521, unavailable: 558_521, backlog: 131_804, huge: 98_765_432_109 } as const;

const FATE_SHARES = {
  scored: 0.02614,
  collecting: 0.00519,
  used_by_features: 0.71745,
  accepted: 0,
  without_entity: 0.23812,
  quarantined: 0.01253,
  late: 0,
  duplicate: 0.00057,
} as const;

function fates(scenario: Scenario): PipelineSummary['fates'] {
  const read = READ[scenario];
  const rows = Object.entries(FATE_WORDS).map(([fate, words]) => {
    const name = fate as keyof typeof FATE_SHARES;
    const share = scenario === 'backlog' && name === 'scored' ? 0 : FATE_SHARES[name];
    return { fate: name, ...words, events: Math.floor(read * share) };
  });
  const rest = read - rows.reduce((sum, { events }) => sum + events, 0);
  return rows.map((row) => (row.fate === 'used_by_features' ? { ...row, events: row.events + rest } : row));
}

function telemetry(scenario: Scenario): Health['telemetry'] {
  const engine = 'ClickHouse 26.5, embedded';
  if (scenario === 'unavailable') {
    return { status: 'unavailable', engine, lagRecords: 12_430, problem: 'connection refused at 127.0.0.1:8123' };
  }
  return { status: 'ok', engine, lagRecords: scenario === 'backlog' ? 42_118 : 3, problem: null };
}

export function health(scenario: Scenario): Health {
  const isBacklog = scenario === 'backlog';
  return {
    status: scenario === 'unavailable' ? 'degraded' : 'ok',
    version: '0.1.0',
    workspace: scenario === 'huge' ? 'a-workspace-with-a-name-that-is-rather-long' : 'retail',
    problems: [],
    telemetry: telemetry(scenario),
    replay: {
      state: isBacklog ? 'backlog' : 'live',
      published: isBacklog ? 140_000 : 541_000,
      total: 558_521,
      eventTime: isBacklog ? '2011-03-28T09:14:00.000Z' : '2011-12-09T12:50:00.000Z',
      speed: isBacklog ? null : 60,
    },
    eventsRead: READ[scenario],
    happenings: isBacklog
      ? ['Contract purchase.completed v1 registered, owner shop-platform.']
      : [
          'Model repurchase v10 scores in shadow from 2011-11-28 on.',
          'Drift: latest_purchase.units and score, 2 windows in a row.',
          'Model repurchase v9 refused: its interval reaches over 0.',
        ],
  };
}

const STAGE_GOALS = {
  broker_wait: [10, 50, 100, 18.4],
  batch_wait: [10, 20, 40, 9.1],
  contract: [2, 10, 20, 0.46],
  feature_read: [3, 15, 30, 2.3],
  model_queue: [5, 25, 50, 31.6],
  model_compute: [5, 20, 40, 3.9],
  decide: [1, 5, 10, 0.21],
  publish: [20, 50, 100, 22.7],
} as const;

function latency(p95Ms: number): PipelineSummary['latency']['endToEnd'] {
  return { meanMs: p95Ms * 0.52, p50Ms: p95Ms * 0.44, p95Ms, p99Ms: p95Ms * 1.62 };
}

const NO_LATENCY = { meanMs: null, p50Ms: null, p95Ms: null, p99Ms: null };

function pipelineLatency(scenario: Scenario): PipelineSummary['latency'] {
  const isBacklog = scenario === 'backlog';
  const factor = scenario === 'huge' ? 5_000 : 1;
  const stages = Object.entries(STAGE_GOALS).map(([stage, [meanMs, p95Ms, p99Ms, measured]]) => ({
    stage: stage as keyof typeof STAGE_GOALS,
    latency: isBacklog ? NO_LATENCY : latency(measured * factor),
    budget: { meanMs, p95Ms, p99Ms },
  }));
  return {
    windowSeconds: 900,
    decisions: isBacklog ? 0 : 1_204,
    backlogDecisions: isBacklog ? 1_841 : 0,
    skewed: scenario === 'huge' ? 17 : 0,
    breaches: isBacklog ? 0 : 3,
    endToEnd: isBacklog ? NO_LATENCY : latency(84.2 * factor),
    budget: { meanMs: 60, p95Ms: 200, p99Ms: 400 },
    stages: [...stages, { stage: 'unattributed', latency: isBacklog ? NO_LATENCY : latency(1.2), budget: null }],
  };
}

function minutes(scenario: Scenario): PipelineSummary['throughput']['minutes'] {
  const perMinute = scenario === 'backlog' ? 1_200_000 : 1_900;
  return Array.from({ length: 47 }, (_none, index) => ({
    at: new Date(Date.parse('2026-11-24T21:13:00Z') + index * 60_000).toISOString(),
    events: Math.round(perMinute * (0.55 + 0.75 * fraction(`minute ${index}`))),
    decisions: 40 + index,
  }));
}

export function pipelines(scenario: Scenario): PipelineList {
  const isBacklog = scenario === 'backlog';
  return {
    pipelines: [
      {
        name: PIPELINE,
        owner: 'growth-analytics',
        description:
          'When a purchase completes, score whether that customer buys again within 30 days; a low score suggests a win-back.',
        model: 'repurchase',
        liveVersion: isBacklog ? null : 8,
        latency: pipelineLatency(scenario),
        throughput: {
          eventsPerSecond: isBacklog ? 21_400 : 31.4,
          declaredPerSecond: 50,
          burstFactor: 3,
          minutes: minutes(scenario),
        },
        lagEvents: isBacklog ? 8_196 : 2,
        fates: fates(scenario),
        reasons: [
          { reason: 'contract: /stockCode pattern', events: 2_612 },
          { reason: 'contract: /quantity minimum', events: 1_988 },
          { reason: 'contract: /unitPrice exclusiveMinimum', events: 1_706 },
          { reason: 'contract: /amount exclusiveMinimum', events: 692 },
          { reason: 'contract: /invoice pattern', events: 3 },
        ],
        outcomes: isBacklog ? { positive: 810, negative: 512, open: 1_577 } : { positive: 8_214, negative: 6_077, open: 1_911 },
      },
    ],
  };
}

const LATEST_IDS = [581_587, 581_586, 581_585, 581_584, 581_583, 581_582, 581_581, 581_580, 581_579, 581_578, 581_577, 581_576];

function latest(scenario: Scenario, tick: number): StreamTick['latest'] {
  if (scenario === 'backlog') return [];
  return LATEST_IDS.map((invoice, index) => {
    const time = minutesBefore(index * 3);
    const id = `${invoice + (tick > 3 ? 1 : 0)}`;
    return index % 5 === 2 ? quarantined(`${id}:4`, time, 'contract: /quantity minimum') : scored(`${id}:completed`, time);
  });
}

export function streamTick(scenario: Scenario, tick: number): StreamTick {
  return {
    at: new Date(Date.parse('2026-11-24T22:00:00Z') + tick * 1_000).toISOString(),
    health: health(scenario),
    eventsPerSecond: scenario === 'backlog' ? 21_400 : 31 + Math.round(40 * fraction(`tick ${tick}`)) / 10,
    fates: fates(scenario),
    latest: latest(scenario, tick),
  };
}

const DAYS = 374;
const FIRST_DAY = Date.parse('2010-12-01T00:00:00Z');
const DAY_MS = 86_400_000;

function days(count: number): Timeline['days'] {
  return Array.from({ length: count }, (_none, index) => {
    const at = new Date(FIRST_DAY + index * DAY_MS);
    const isClosed = at.getUTCDay() === 6;
    const autumn = 1 + Math.max(0, index - 250) / 90;
    const events = isClosed ? 0 : Math.round((900 + 900 * fraction(`day ${index}`)) * autumn);
    const purchases = Math.round(events * 0.036);
    return {
      day: at.toISOString().slice(0, 10),
      events,
      scored: index >= 121 ? purchases : 0,
      collecting: index < 121 ? purchases : 0,
      quarantined: Math.round(events * (0.008 + 0.02 * fraction(`bad ${index}`))),
    };
  });
}

const MONTHS = [
  ['2011-04', 0.741, 0.598, 0.701, 0.021],
  ['2011-05', 0.752, 0.588, 0.709, 0.024],
  ['2011-06', 0.744, 0.601, 0.695, 0.031],
  ['2011-07', 0.731, 0.612, 0.688, 0.039],
  ['2011-08', 0.722, 0.624, 0.677, 0.047],
  ['2011-09', 0.763, 0.603, 0.691, 0.062],
  ['2011-10', 0.758, 0.617, 0.683, 0.081],
  ['2011-11', 0.709, 0.641, 0.664, 0.094],
] as const;

function month(
  name: string,
  [auc, logLoss, accuracy, calibrationError]: readonly [number, number, number, number],
): Timeline['months'][number] {
  const isOpen = name === '2011-11';
  return {
    month: name,
    scored: 1_400 + Math.round(900 * fraction(name)),
    matured: isOpen ? 812 : 1_400 + Math.round(900 * fraction(name)),
    complete: !isOpen,
    baseRate: 0.55 + 0.1 * fraction(`base ${name}`),
    auc,
    logLoss,
    accuracy,
    calibrationError,
    frozen: { matured: 800, auc: auc - 0.03, logLoss: logLoss + 0.03, accuracy: accuracy - 0.02 },
    versions: [1],
  };
}

function changes(): Timeline['changes'] {
  const recordedAt = '2026-11-24T21:10:04.000Z';
  const contracts = ['basket.updated', 'purchase.cancelled', 'purchase.completed', 'repurchase.predicted'].map((subject) => ({
    at: recordedAt,
    recordedAt,
    kind: 'contract_registered',
    subject: `${subject} v1`,
    summary: `Version 1 of ${subject} is the contract from now on.`,
    actor: 'workspace',
  }));
  const governed = [...LINE.flatMap((sketch) => toldOf(sketch)), ...OTHERS].toSorted((left, right) =>
    left.at.localeCompare(right.at),
  );
  return [
    ...governed.map((told, index) => ({
      actor: 'throughline',
      ...told,
      recordedAt: new Date(Date.parse(recordedAt) + 2_000 * (index + 1)).toISOString(),
    })),
    ...contracts,
  ];
}

const OTHERS: readonly Told[] = [
  ...['2011-02-07', '2011-06-27', '2011-10-10', '2011-10-17', '2011-11-28'].map((day) => ({
    at: midnight(day),
    kind: 'drift_detected',
    subject: 'repurchase',
    summary:
      'Drift of repurchase detected by repurchase-weekly in the week before. Two measures are over their limits, 2 windows in a row.',
  })),
  {
    at: midnight('2011-10-10'),
    kind: 'field_changed',
    subject: 'basket.updated',
    summary: '/unitPrice of /shop/united-kingdom: median ×100.',
  },
  {
    at: midnight('2011-10-31'),
    kind: 'field_restored',
    subject: 'basket.updated',
    summary: '/unitPrice of /shop/united-kingdom is as before.',
  },
  {
    at: midnight('2011-09-14'),
    kind: 'contract_registered',
    subject: 'basket.updated v2',
    summary: 'currency is an optional property.',
    actor: 'shop-platform',
  },
];

type Told = Pick<Timeline['changes'][number], 'at' | 'kind' | 'subject' | 'summary'> & { readonly actor?: string };

/** What a version leaves on the control topic. */
function toldOf({ version, cause, requestedAt, shadow, live, status, reason, actor }: LineSketch): readonly Told[] {
  const subject = 'repurchase';
  const requested = version === 1 ? 'training_requested' : 'retraining_requested';
  return [
    { at: requestedAt, kind: requested, subject, summary: `Training of repurchase requested (${cause.replaceAll('_', ' ')}).` },
    { at: requestedAt, kind: 'model_trained', subject, summary: `repurchase v${version} trained.`, actor: 'bundled trainer' },
    ...(shadow === undefined
      ? []
      : [{ at: shadow.from, kind: 'model_shadowed', subject, summary: `repurchase v${version} scores in shadow.` }]),
    ...live.map(({ from }, index) => ({
      at: from,
      kind: 'model_promoted',
      subject,
      summary:
        index === 0 ? `repurchase v${version} is live. ${reason}.` : `repurchase rolled back from v5 to v${version}. ${reason}.`,
      actor,
    })),
    ...(status === 'refused' && shadow?.to !== undefined
      ? [{ at: shadow.to, kind: 'model_refused', subject, summary: `repurchase v${version} is refused. ${reason}.`, actor }]
      : []),
  ];
}

export function timeline(scenario: Scenario): Timeline {
  const isBacklog = scenario === 'backlog';
  return {
    days: days(isBacklog ? 118 : DAYS),
    months: isBacklog ? [] : MONTHS.map(([name, ...figures]) => month(name, figures)),
    total: isBacklog
      ? null
      : { ...month('2011-04', [0.739, 0.61, 0.687, 0.05]), month: '2011-11', scored: 15_420, matured: 14_108 },
    changes: isBacklog ? changes().slice(-4) : changes(),
  };
}
