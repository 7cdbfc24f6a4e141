import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Databases, Write } from './environment.ts';
import { type BatchKey, batchPrefix, parseBatchKey } from './keys.ts';
import type { PartitionState } from './topic-table.ts';
import type { WriteQueue } from './write-queue.ts';

/** Batches that one transaction removes: keeps a large sweep from blocking commits and the process. */
const SWEEP_BATCHES = 2000;

interface SweepTarget {
  readonly databases: Databases;
  readonly queue: WriteQueue;
  readonly nowMs: number;
}

/** Removes a partition's batches that its topic's retention gives up, oldest first, never the newest; returns records removed. */
export async function sweepPartition(partition: PartitionState, target: SweepTarget): Promise<number> {
  let removed = 0;
  for (;;) {
    const chunk = findExpired(partition, target);
    const last = chunk.at(-1);
    if (last === undefined) return removed;
    const start = last.batch.last + 1;
    removed += chunk.reduce((sum, { batch }) => sum + batch.count, 0);
    target.queue.checkRoom(0);
    partition.start = start;
    await target.queue.enqueue({ writes: chunk.map(({ write }) => write), bytes: 0, onDurable: () => undefined });
    await nextTurn();
  }
}

function findExpired(partition: PartitionState, target: SweepTarget): { readonly batch: BatchKey; readonly write: Write }[] {
  const at = { topic: partition.topic.number, partition: partition.partition };
  const keys = target.databases.log.getKeys({
    start: batchPrefix(at, partition.start),
    // The newest durable batch ends at end − 1, and stays: the bounds are restored from it.
    end: batchPrefix(at, Math.max(0, partition.end - 1)),
    limit: SWEEP_BATCHES,
  });
  const expired: { batch: BatchKey; write: Write }[] = [];
  const newest = newestTotal(partition, target.databases);
  for (const key of keys) {
    const batch = parseBatchKey(key);
    if (!isExpired(batch, partition, { nowMs: target.nowMs, storedBytes: newest - batch.totalBytes + batch.bytes })) break;
    expired.push({ batch, write: { database: 'log', key, value: undefined } });
  }
  return expired;
}

/** `storedBytes`: what the partition holds when this batch is its oldest. */
function isExpired(
  batch: BatchKey,
  partition: PartitionState,
  now: { readonly nowMs: number; readonly storedBytes: number },
): boolean {
  const { maxAgeMs, maxBytes } = partition.topic.retention;
  const isTooOld = maxAgeMs !== undefined && now.nowMs - batch.timestampMs > maxAgeMs;
  return isTooOld || (maxBytes !== undefined && now.storedBytes > maxBytes);
}

function newestTotal(partition: PartitionState, databases: Databases): number {
  const at = { topic: partition.topic.number, partition: partition.partition };
  const range = { start: batchPrefix(at, partition.end), end: batchPrefix(at, 0), reverse: true, limit: 1 };
  for (const key of databases.log.getKeys(range)) return parseBatchKey(key).totalBytes;
  return 0;
}
