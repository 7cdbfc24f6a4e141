import { type EpochMs, fingerprintOf, HEADERS, type LogRecord, type PolledBatch } from '#core';
import type { Batch, EventInFlight, WatermarkInFlight } from './batch.ts';
import { BatchTimes } from './batch-times.ts';
import type { Lane } from './lane.ts';

export interface AssemblyOptions {
  /** Of the pipeline. */
  readonly name: string;
  readonly onError: Batch['onError'];
  readonly lanes: ReadonlyMap<number, Lane>;
  /** When the poll returned, on the processing clock. */
  readonly polledMs: EpochMs;
  readonly polledUs: number;
  /** When this runner began, epoch ms: what was appended before is backlog. */
  readonly startedMs: EpochMs;
  /** Lanes stop behind the first watermark at or past this event time; undefined: no stop. */
  readonly barrierMs: EpochMs | undefined;
}

export interface Assembled {
  readonly batch: Batch;
  /** Lanes that met the barrier: their next record is at `offset`. */
  readonly stopped: readonly { readonly partition: number; readonly offset: number }[];
}

/** Puts polled records into a batch, partition by partition, cut where a lane meets the barrier. */
export function assembleBatch(polled: readonly PolledBatch[], options: AssemblyOptions): Assembled {
  const items: (EventInFlight | WatermarkInFlight)[] = [];
  const stopped: { partition: number; offset: number }[] = [];
  for (const { partition, records } of polled) {
    const lane = options.lanes.get(partition);
    if (lane === undefined) continue;
    for (const record of records) {
      const item = itemOf(record, lane, options.startedMs);
      items.push(item);
      if (item.kind === 'watermark' && item.watermarkMs >= (options.barrierMs ?? Number.POSITIVE_INFINITY)) {
        stopped.push({ partition, offset: record.offset + 1 });
        break;
      }
    }
  }
  const times = new BatchTimes(options);
  return {
    batch: { id: batchIdOf(items, options), onError: options.onError, items, times, outcomes: [], records: [], state: [] },
    stopped,
  };
}

function itemOf(record: LogRecord, lane: Lane, startedMs: EpochMs): EventInFlight | WatermarkInFlight {
  const { headers, timestampMs } = record;
  const watermark = headers[HEADERS.watermark];
  if (watermark !== undefined) return { kind: 'watermark', record, lane, watermarkMs: Date.parse(watermark) };
  const isReplay = headers[HEADERS.replay] !== undefined;
  const isBacklog = headers[HEADERS.backlog] !== undefined || timestampMs < startedMs;
  return { kind: 'event', record, lane, isReplay, isBacklog };
}

/**
 * Unique over restarts and members: a place in the log is committed once, and where a broker delivers it again, at another time.
 * A batch without records has no place, and no decisions that its id would join.
 */
function batchIdOf(items: Batch['items'], { name, polledMs, polledUs }: AssemblyOptions): string {
  const first = items[0]?.record;
  return fingerprintOf([name, first?.partition ?? -1, first?.offset ?? -1, polledMs, polledUs]).slice(0, 16);
}
