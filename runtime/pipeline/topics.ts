import { type EventLog, QUARANTINE_SUFFIX, TOPICS } from '#core';
import type { PipelineDefinition } from './definition.ts';

/** Creates what a pipeline reads and writes; topics that are there are checked. */
export async function createPipelineTopics(log: EventLog, definition: PipelineDefinition): Promise<void> {
  const { partitions, retentionMs, topic, predictionTopic, decision } = definition;
  const kept = { partitions, retention: { maxAgeMs: retentionMs } };
  await log.createTopic({ name: TOPICS.control, partitions: 1, retention: {} });
  const outbox = [TOPICS.decisions, TOPICS.receipts, TOPICS.outcomes, TOPICS.batches];
  const emitted = decision.emits === undefined ? [] : [decision.emits.topic];
  for (const name of [topic, topic + QUARANTINE_SUFFIX, predictionTopic, ...emitted, ...outbox]) {
    await log.createTopic({ name, ...kept });
  }
  const { drift, fields, groups, failures, alerts } = TOPICS;
  for (const name of [drift, fields, groups, failures, alerts]) await log.createTopic({ name, ...kept, partitions: 1 });
}
