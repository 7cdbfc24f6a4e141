import type { LogRecord } from '#core';
import type { BinaryDatabase } from './environment.ts';
import { decodeFrame } from './frame.ts';
import { batchPrefix, parseBatchKey } from './keys.ts';
import { MAX_READ_BYTES } from './limits.ts';
import type { PartitionState } from './topic-table.ts';

/**
 * The next stored batches of a partition from an offset on, decoded: at least `atLeast` records where there are so many
 * and they stay under 16 MiB, else what there is; the first may be later than `from` where retention removed some.
 * Empty only at the durable end.
 */
export function readBatches(
  log: BinaryDatabase,
  partition: PartitionState,
  wanted: { readonly from: number; readonly atLeast: number },
): LogRecord[] {
  const at = { topic: partition.topic.number, partition: partition.partition };
  const records: LogRecord[] = [];
  let bytes = 0;
  for (const { key, value } of log.getRange({ start: batchPrefix(at, wanted.from), end: batchPrefix(at, partition.end) })) {
    const batch = parseBatchKey(key);
    const decoded = decodeFrame(value, {
      topic: partition.topic.name,
      partition: partition.partition,
      firstOffset: batch.last - batch.count + 1,
      timestampMs: batch.timestampMs,
      count: batch.count,
    });
    appendFrom(records, decoded, wanted.from);
    bytes += batch.bytes;
    if (records.length >= wanted.atLeast || bytes >= MAX_READ_BYTES) break;
  }
  return records;
}

function appendFrom(records: LogRecord[], decoded: readonly LogRecord[], from: number): void {
  for (const record of decoded) if (record.offset >= from) records.push(record);
}
