import type { EventLog, GroupLag } from '#core';
import { RECORD_KINDS } from './lines.ts';

/** The consumer group that stores the outbox. */
export const WRITER_GROUP = 'throughline.telemetry';
/** The topics that it reads. */
export const OUTBOX_TOPICS: readonly string[] = Object.keys(RECORD_KINDS);

/** Records of a log's outbox that are not known to be stored, whether or not a writer runs. */
export async function outboxLag(log: EventLog): Promise<number> {
  return recordsOf(await readLags(log));
}

/** The same by partition. */
export async function readLags(log: EventLog): Promise<readonly GroupLag[]> {
  return (await Promise.all(OUTBOX_TOPICS.map((topic) => log.lag(WRITER_GROUP, topic)))).flat();
}

/** Records that lag, over all partitions. */
export function recordsOf(lags: readonly GroupLag[]): number {
  return lags.reduce((sum, { lagRecords }) => sum + lagRecords, 0);
}

/** Whether all that the outbox held at an earlier reading is stored by now. */
export function isStoredUpTo(ends: readonly GroupLag[], now: readonly GroupLag[]): boolean {
  const stored = new Map(now.map(({ topic, partition, end, lagRecords }) => [`${topic}/${partition}`, end - lagRecords]));
  return ends.every(({ topic, partition, end }) => (stored.get(`${topic}/${partition}`) ?? 0) >= end);
}
