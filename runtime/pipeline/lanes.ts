import { type EventLog, HEADERS, STORES } from '#core';
import type { FeatureView } from '../features/view.ts';
import type { PipelineDefinition } from './definition.ts';
import { Lane } from './lane.ts';

export interface LaneDeps {
  readonly log: EventLog;
  readonly definition: PipelineDefinition;
  readonly views: readonly FeatureView[];
}

/** A partition's lane as of its last commit: progress, feature state and open predictions; de-duplication is read from the log. */
export async function openLane(partition: number, { log, definition, views }: LaneDeps): Promise<Lane> {
  const lane = new Lane(partition, definition, views);
  for await (const entry of log.readState(STORES.progress, partition)) lane.restoreProgress(entry);
  for await (const entry of log.readState(STORES.features, partition)) lane.features.restore(entry);
  for await (const entry of log.readState(STORES.openPredictions, partition)) lane.openPredictions.restore(entry);
  await restoreSeen(lane, { log, definition });
  return lane;
}

/** Reads the identities of the de-duplication window again; those that left it meanwhile are late by definition. */
async function restoreSeen(lane: Lane, { log, definition }: Pick<LaneDeps, 'log' | 'definition'>): Promise<void> {
  const { seenFromOffset, offset, watermarkMs } = lane.progress;
  const oldestMs = watermarkMs - definition.deduplicationWindowMs;
  const range = { topic: definition.topic, partition: lane.partition, from: seenFromOffset, to: offset };
  for await (const { headers, offset: at, timestampMs } of log.read(range)) {
    const source = headers[HEADERS.source];
    const id = headers[HEADERS.id];
    const time = headers[HEADERS.time];
    if (source === undefined || id === undefined) continue;
    const timeMs = time === undefined ? timestampMs : Date.parse(time);
    if (timeMs >= oldestMs) lane.seen.add({ source, id }, { offset: at, timeMs });
  }
}
