import type { EventAnswer, Journey } from '#core';
import { entity, fraction, hex, identity, minutesBefore, PIPELINE, spans } from './parts.ts';

/** Features in the order of the workspace: name, value, days since the newest event behind it. */
const FEATURES = [
  ['purchase_history.purchases_7d', 0, 16.2],
  ['purchase_history.purchases_30d', 2, 16.2],
  ['purchase_history.purchases_60d', 3, 16.2],
  ['purchase_history.amount_30d', 612.4, 16.2],
  ['purchase_history.amount_60d', 1_048.15, 16.2],
  ['purchase_history.amount_mean_60d', 349.3833, 16.2],
  ['purchase_history.days_since_purchase', 16.2, 16.2],
  ['latest_purchase.amount', 178.96, 0],
  ['latest_purchase.lines', 17, 0],
  ['latest_purchase.units', 106, 0],
  ['basket_lines.lines_7d', 17, 0],
  ['basket_lines.lines_30d', 51, 0],
  ['basket_lines.lines_60d', 74, 0],
  ['basket_lines.quantity_mean_60d', 6.4189, 0],
  ['basket_lines.unit_price_mean_60d', 3.2175, 0],
  ['basket_lines.unit_price_max_60d', 12.75, 0.0001],
  ['cancellations.cancellations_60d', 1, 61.4],
  ['cancellations.cancelled_amount_60d', null, null],
] as const;

function features(time: string): Journey['features'] {
  return FEATURES.map(([name, value, ageDays]) => ({
    name,
    view: name.split('.')[0] ?? '',
    value,
    status: statusOf(value, ageDays),
    eventTime: ageDays === null ? null : new Date(Date.parse(time) - ageDays * 86_400_000).toISOString(),
    ageSeconds: ageDays === null ? null : ageDays * 86_400,
    isInput: true,
  }));
}

function statusOf(value: number | null, ageDays: number | null): 'present' | 'stale' | 'not_found' {
  if (value === null) return 'not_found';
  return (ageDays ?? 0) > 60 ? 'stale' : 'present';
}

const GOALS = {
  broker_wait: [10, 50, 100],
  batch_wait: [10, 20, 40],
  contract: [2, 10, 20],
  feature_read: [3, 15, 30],
  model_queue: [5, 25, 50],
  model_compute: [5, 20, 40],
  decide: [1, 5, 10],
  publish: [20, 50, 100],
} as const;

type StageUs = Readonly<Record<keyof typeof GOALS | 'unattributed', number>>;

const LIVE_US: StageUs = {
  broker_wait: 14_210,
  batch_wait: 6_030,
  contract: 412,
  feature_read: 1_804,
  model_queue: 2_215,
  model_compute: 3_120,
  decide: 96,
  publish: 18_402,
  unattributed: 350,
};

const SLOW_US: StageUs = { ...LIVE_US, model_queue: 61_300, model_compute: 31_040, publish: 412_000 };
const BACKLOG_US: StageUs = { ...LIVE_US, broker_wait: 11_540_000_000 };

function latency(us: StageUs, isBacklog: boolean): Journey['latency'] {
  let fromUs = 0;
  const stages = Object.entries(us).map(([stage, duration]) => {
    const goal = stage === 'unattributed' ? undefined : GOALS[stage as keyof typeof GOALS];
    const row = {
      stage: stage as keyof StageUs,
      us: duration,
      fromUs: goal === undefined ? null : fromUs,
      budget: goal === undefined ? null : { meanMs: goal[0], p95Ms: goal[1], p99Ms: goal[2] },
    };
    fromUs += duration;
    return row;
  });
  return {
    isBacklog,
    isSkewed: false,
    endToEndUs: fromUs,
    stages,
    budget: { meanMs: 60, p95Ms: 200, p99Ms: 400 },
    isBreach: !isBacklog && fromUs > 400_000,
  };
}

function journeySpans(traceId: string, us: StageUs, start: string): Journey['spans'] {
  const batchStart = us.broker_wait > 1e9 ? 30_000 : us.broker_wait;
  const total =
    batchStart + us.batch_wait + us.contract + us.feature_read + us.model_queue + us.model_compute + us.decide + us.publish;
  const attributes = {
    'evai.event.id': '581483:completed',
    'evai.event.source': '/shop/united-kingdom',
    'evai.pipeline.name': PIPELINE,
  };
  let at = batchStart;
  const step = (name: string, durationUs: number, parent: string) => {
    const sketch = { name, parent, startUs: at, durationUs, attributes };
    at += durationUs;
    return sketch;
  };
  return spans(traceId, start, [
    {
      name: 'process shop.events',
      startUs: 0,
      durationUs: total,
      attributes: {
        ...attributes,
        'messaging.system': 'throughline',
        'messaging.destination.name': 'shop.events',
        'evai.trace.kept_because': 'ratio',
      },
    },
    { name: 'broker wait', parent: 'process shop.events', startUs: 0, durationUs: batchStart },
    step('batch wait', us.batch_wait, 'process shop.events'),
    step('contract purchase.completed v1', us.contract, 'process shop.events'),
    step('read features', us.feature_read, 'process shop.events'),
    {
      name: 'score repurchase v1',
      parent: 'process shop.events',
      startUs: at,
      durationUs: us.model_queue + us.model_compute,
      attributes: { ...attributes, 'evai.model.name': 'repurchase', 'evai.model.version': '1', 'evai.prediction.score': '0.288' },
    },
    step('model queue', us.model_queue, 'score repurchase v1'),
    step('model compute', us.model_compute, 'score repurchase v1'),
    step('decide', us.decide, 'process shop.events'),
    step('publish shop.predictions', us.publish, 'process shop.events'),
  ]);
}

function raw(id: string, time: string): Journey['raw'] {
  return {
    status: 'shown',
    headers: {
      ce_specversion: '1.0',
      ce_type: 'purchase.completed',
      ce_source: '/shop/united-kingdom',
      ce_id: id,
      ce_time: time,
      'content-type': 'application/json',
      traceparent: `00-${hex(id, 32)}-${hex(`${id} parent`, 16)}-01`,
    },
    key: '•••',
    data: {
      invoice: id.split(':')[0],
      customerId: '•••',
      country: 'United Kingdom',
      lines: 17,
      units: 106,
      amount: 178.96,
      tags: [],
      note: null,
    },
    masked: ['/customerId'],
    note: null,
  };
}

const OPEN: Journey['outcome'] = {
  status: 'open',
  name: 'repurchase_30d',
  label: null,
  maturedAt: null,
  horizonEnds: '2012-01-07T11:34:00.000Z',
  settledBy: null,
  feedbackSeconds: null,
};

const POSITIVE: Journey['outcome'] = {
  ...OPEN,
  status: 'known',
  label: 1,
  maturedAt: '2011-12-09T09:27:00.000Z',
  settledBy: { source: '/shop/united-kingdom', id: '581587:completed' },
  feedbackSeconds: 1_117_980,
};

const NEGATIVE: Journey['outcome'] = {
  ...OPEN,
  status: 'known',
  label: 0,
  maturedAt: '2011-12-01T08:12:00.000Z',
  horizonEnds: '2011-12-01T08:12:00.000Z',
  feedbackSeconds: 2_592_000,
};

interface JourneySketch {
  readonly time: string;
  readonly outcome: Journey['outcome'];
  readonly us: StageUs;
  readonly isBacklog?: boolean;
  readonly score?: number | null;
}

function journey(id: string, { time, outcome, us, isBacklog = false, score = 0.288 }: JourneySketch): Journey {
  const traceId = hex(id, 32);
  return {
    kind: 'journey',
    fate: score === null ? 'collecting' : 'scored',
    event: identity(id, time),
    pipeline: { name: PIPELINE, owner: 'growth-analytics' },
    position: { topic: 'shop.events', partition: 2, offset: 138_224 + Math.round(fraction(id) * 1_000) },
    appendedAt: '2026-11-24T21:58:04.113Z',
    replay: true,
    traceId,
    entity: entity('17850'),
    contract: { subject: 'purchase.completed', version: 1, owner: 'shop-platform' },
    features: features(time),
    prediction:
      score === null
        ? null
        : {
            id: hex(`prediction ${id}`, 32),
            model: { name: 'repurchase', version: 1, role: 'live' },
            score,
            decision: score < 0.35 ? 'suggest_winback' : 'none',
            threshold: 0.35,
            below: 'suggest_winback',
            topic: 'shop.predictions',
          },
    outcome,
    latency: latency(us, isBacklog),
    spans: isBacklog ? [] : journeySpans(traceId, us, '2026-11-24T21:58:04.113Z'),
    raw: raw(id, time),
  };
}

const TIME = '2011-11-26T10:54:00.000Z';

/** Journeys by id; each shows one state. */
const JOURNEYS: Readonly<Record<string, JourneySketch>> = {
  '581483:completed': { time: TIME, outcome: POSITIVE, us: LIVE_US },
  '574020:completed': { time: '2011-11-01T08:12:00.000Z', outcome: NEGATIVE, us: LIVE_US, score: 0.613 },
  '581586:completed': { time: minutesBefore(3), outcome: OPEN, us: SLOW_US, score: 0.804 },
  '563201:completed': { time: '2011-08-14T11:34:00.000Z', outcome: NEGATIVE, us: BACKLOG_US, isBacklog: true },
  '539001:completed': { time: '2010-12-15T11:34:00.000Z', outcome: POSITIVE, us: BACKLOG_US, isBacklog: true, score: null },
};

/** `id:completed` of JOURNEYS, or of any six-digit invoice: then a scored event whose outcome is open. */
export function findJourney(id: string): EventAnswer | undefined {
  const sketch =
    JOURNEYS[id] ?? (/^\d{6}:completed$/u.test(id) ? { time: minutesBefore(3), outcome: OPEN, us: LIVE_US } : undefined);
  if (sketch === undefined) return undefined;
  const found = journey(id, sketch);
  const isTwice = id === '574020:completed';
  return {
    found,
    otherSources: isTwice ? ['/shop/france'] : [],
    deliveries: isTwice ? [{ fate: 'duplicate', position: { ...found.position, offset: found.position.offset + 41 } }] : [],
  };
}
