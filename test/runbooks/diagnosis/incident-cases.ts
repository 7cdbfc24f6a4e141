import type { Database, DecisionRecord, FailureRecord } from '#core';
import { MADE } from '../../support/made-history.ts';
import {
  groupOf,
  isSince,
  type MadeIncident,
  profilesOf,
  quarantinedFor,
  slowStage,
  stalledGroup,
  TIMES,
} from './incident-fixture.ts';
import { outcomesOf } from './made-outcomes.ts';

export const [, germany] = MADE.sources;

const POISON = { topic: MADE.topic, partition: 2, offset: 5000 } as const;
const failures: readonly FailureRecord[] = [0, 1, 2, 3].map((attempt) => ({
  atMs: TIMES.faultMs + attempt * 500,
  pipeline: MADE.pipeline,
  group: MADE.pipeline,
  stage: 'contract',
  position: POISON,
  event: { source: germany, id: 'b-1', type: 'basket.updated' },
  errorCode: 'unexpected',
  message: 'Cannot read properties of undefined',
  attempt: attempt + 1,
  isStopped: attempt === 3,
}));

/** A producer renames a field. */
export const renamed: MadeIncident = {
  traffic: {
    receipt: (record, atMs) =>
      isSince(atMs) && record.event.source === germany && record.event.type === 'basket.updated'
        ? quarantinedFor(record, 'contract: /unitPrice required', "data must have the property 'unitPrice'")
        : record,
  },
};

const lossOf = (record: DecisionRecord, view: string): DecisionRecord => {
  const isLost = record.features.names.map((name) => name.startsWith(`${view}.`));
  return {
    ...record,
    features: {
      ...record.features,
      values: record.features.values.map((value, at) => (isLost[at] === true ? null : value)),
      statuses: record.features.statuses.map((status, at) => (isLost[at] === true ? 'not_found' : status)),
    },
  };
};

/** Values of a view are lost. */
export const lost: MadeIncident = {
  traffic: {
    decision: (record, atMs) => (isSince(atMs) && /[27]$/u.test(record.entity) ? lossOf(record, 'basket_lines') : record),
  },
};

const biased: MadeIncident = {
  traffic: {
    decision: (record, atMs) => {
      const score = record.score ?? 0;
      const { shadows: _none, ...rest } = record;
      if (!isSince(atMs)) return rest;
      return { ...rest, shadows: [{ version: 2, score: score + ((record.features.values[2] ?? 0) >= 73 ? 0.25 : 0.01) }] };
    },
  },
};

const stopped: MadeIncident = {
  traffic: { receipt: (record, atMs) => (isSince(atMs) && record.event.type === 'basket.updated' ? undefined : record) },
};

/** The group empties as the alert fires. */
export const stoppedGroup: MadeIncident['traffic'] = {
  group: (record, atMs) => ({ ...stalledGroup(record, atMs + 2000), members: atMs >= TIMES.startsAtMs ? 0 : 1 }),
};

/** A fault, and what its diagnosis must say. */
export interface Case {
  readonly title: string;
  readonly incident: MadeIncident;
  readonly after?: (database: Database) => Promise<void>;
  readonly alerts: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly cause: string;
  readonly details: Readonly<Record<string, string>>;
  /** Whose deploy is to blame. */
  readonly deploy: string;
  /** In the title. */
  readonly says: RegExp;
}

const late: MadeIncident = { traffic: { outcome: () => undefined } };

export const CASES: readonly Case[] = [
  {
    title: 'a consumer that takes longer for each record',
    incident: {
      traffic: {
        stageUs: slowStage('contract', 300_000),
        group: (record, atMs) => {
          const going = groupOf(record, atMs);
          const behind = isSince(atMs) ? Math.round((atMs - TIMES.faultMs) / 250) : 2;
          return { ...going, committed: going.end - behind, lagRecords: behind, lagMs: behind * 50 };
        },
      },
    },
    alerts: ['LatencyBudgetBurn', 'ConsumerGroupLagging'],
    cause: 'slow_consumer',
    details: { group: MADE.pipeline, stage: 'contract' },
    deploy: MADE.pipeline,
    says: /takes longer for each record/u,
  },
  {
    title: 'a consumer that has left',
    incident: {
      traffic: {
        group: (record, atMs) => ({ ...stalledGroup(record, atMs), members: isSince(atMs) ? 0 : 1 }),
        decision: (record, atMs) => (isSince(atMs) ? undefined : record),
        receipt: (record, atMs) => (isSince(atMs) ? undefined : record),
      },
    },
    alerts: ['ConsumerGroupEmpty', 'PipelineSilent', 'LatencyBudgetBurn'],
    cause: 'consumer_gone',
    details: { group: MADE.pipeline },
    deploy: MADE.pipeline,
    says: /has no member since/u,
  },
  {
    title: 'an event that fails again and again until the pipeline gives up',
    incident: {
      failures,
      traffic: {
        group: (record, atMs) => ({
          ...(record.partition === POISON.partition || atMs > TIMES.faultMs + 3000
            ? stalledGroup(record, atMs)
            : groupOf(record, atMs)),
          members: atMs > TIMES.faultMs + 3000 ? 0 : 1,
        }),
        decision: (record, atMs) => (atMs > TIMES.faultMs + 3000 ? undefined : record),
        receipt: (record, atMs) => (atMs > TIMES.faultMs + 3000 ? undefined : record),
      },
    },
    alerts: ['EventStuck', 'ConsumerGroupEmpty', 'PipelineSilent', 'LatencyBudgetBurn'],
    cause: 'poison_event',
    details: { topic: MADE.topic, partition: '2', offset: '5000' },
    deploy: MADE.pipeline,
    says: /stuck at offset 5000 .*Cannot read properties/u,
  },
  {
    title: 'a partition whose key is hot',
    incident: {
      traffic: {
        group: (record, atMs) => {
          const going = groupOf(record, atMs);
          if (!isSince(atMs) || record.partition !== 1) return going;
          const end = going.end + Math.round((atMs - TIMES.faultMs) / 20);
          return { ...going, end, lagRecords: end - (going.committed ?? 0), lagMs: 9000 };
        },
        receipt: (record, atMs) =>
          isSince(atMs) && record.position.partition === 1 ? { ...record, entity: 'customer-7' } : record,
      },
    },
    alerts: ['ConsumerGroupLagging', 'LatencyBudgetBurn'],
    cause: 'hot_partition',
    details: { partition: '1' },
    deploy: MADE.topic,
    says: /Partition 1 .*customer-7/u,
  },
  {
    title: 'a producer that renames a field',
    incident: renamed,
    alerts: ['QuarantineGrowing', 'ContractBudgetBurn', 'FreshnessBudgetBurn', 'PipelineSilent', 'FeatureViewStale'],
    cause: 'contract_break',
    details: { source: germany, subject: 'basket.updated', field: '/unitPrice' },
    deploy: germany,
    says: /^Producer \/shop\/germany sends basket.updated without \/unitPrice since \d\d:\d\d:\d\d; 100 % of its events are quarantined/u,
  },
  {
    title: 'a field that means something else',
    incident: {
      profiles: [
        ...profilesOf({ source: germany, field: '/unitPrice', factor: 0.01, changed: 7 }),
        ...profilesOf({ source: MADE.sources[0], field: '/unitPrice', factor: 1, changed: 0 }),
        ...profilesOf({ source: germany, field: '/quantity', factor: 1, changed: 0 }),
      ],
    },
    alerts: ['FieldMeaningChanged', 'CandidateGap'],
    cause: 'field_meaning',
    details: { source: germany, subject: 'basket.updated', field: '/unitPrice' },
    deploy: germany,
    says: /^Producer \/shop\/germany sends \/unitPrice of basket.updated × 0.0099/u,
  },
  {
    title: 'a view whose events have stopped',
    incident: stopped,
    alerts: ['FeatureViewStale', 'FreshnessBudgetBurn'],
    cause: 'stale_view',
    details: { view: 'basket_lines' },
    deploy: 'basket.updated',
    says: /^View basket_lines gets no basket.updated from any producer/u,
  },
  {
    title: 'values that are lost for a fifth of the customers',
    incident: lost,
    alerts: ['FeatureValuesMissing', 'FreshnessBudgetBurn'],
    cause: 'missing_features',
    details: { view: 'basket_lines' },
    deploy: 'basket_lines',
    says: /basket_lines .*lost them/u,
  },
  {
    title: 'slow reads of the feature store',
    incident: { traffic: { stageUs: slowStage('feature_read', 220_000) } },
    alerts: ['LatencyBudgetBurn'],
    cause: 'slow_feature_reads',
    details: { stage: 'feature_read' },
    deploy: MADE.pipeline,
    says: /feature_read takes 2\d\d ms/u,
  },
  {
    title: 'a slow model',
    incident: { traffic: { stageUs: slowStage('model_compute', 220_000) } },
    alerts: ['LatencyBudgetBurn'],
    cause: 'slow_model',
    details: { stage: 'model_compute' },
    deploy: MADE.model,
    says: /model computes longer/u,
  },
  {
    title: 'a model that decisions queue for',
    incident: { traffic: { stageUs: slowStage('model_queue', 220_000) } },
    alerts: ['LatencyBudgetBurn'],
    cause: 'model_saturated',
    details: { stage: 'model_queue' },
    deploy: MADE.model,
    says: /queue for the model/u,
  },
  {
    title: 'a log that acknowledges late',
    incident: { traffic: { stageUs: slowStage('publish', 400_000) } },
    alerts: ['LatencyBudgetBurn'],
    cause: 'slow_log',
    details: { stage: 'publish' },
    deploy: MADE.pipeline,
    says: /acknowledges commits late/u,
  },
  {
    title: 'a candidate that is off in one segment',
    incident: biased,
    alerts: ['CandidateGap'],
    labels: { version: '2' },
    cause: 'biased_candidate',
    details: { version: '2' },
    deploy: MADE.model,
    says: /latest_purchase\.amount >= 7/u,
  },
  {
    title: 'outcomes that join no more',
    incident: late,
    after: outcomesOf(undefined),
    alerts: ['OutcomesNotJoined', 'OutcomeBudgetBurn'],
    cause: 'outcomes_lost',
    details: { outcome: 'repurchase_30d' },
    deploy: MADE.pipeline,
    says: /do not join/u,
  },
  {
    title: 'outcomes that join much later',
    incident: late,
    after: outcomesOf(12_000),
    alerts: ['OutcomesNotJoined'],
    cause: 'outcomes_late',
    details: { outcome: 'repurchase_30d' },
    deploy: MADE.pipeline,
    says: /late, and none is lost/u,
  },
  {
    title: 'a burst of traffic',
    incident: {
      traffic: {
        group: (record, atMs) => {
          const going = groupOf(record, atMs);
          if (!isSince(atMs)) return going;
          const more = Math.round((atMs - TIMES.faultMs) / 40);
          return { ...going, end: going.end + more, lagRecords: more, lagMs: more * 20 };
        },
      },
    },
    alerts: ['ConsumerGroupLagging', 'LatencyBudgetBurn'],
    cause: 'traffic_burst',
    details: {},
    deploy: MADE.topic,
    says: /burst of traffic/u,
  },
];
