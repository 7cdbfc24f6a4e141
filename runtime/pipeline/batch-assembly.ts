import { type EpochMs, HEADERS, type LogRecord, type PolledBatch } from '#core';
import type { Batch, EventInFlight, WatermarkInFlight } from './batch.ts';
import type { Lane } from './lane.ts';

export interface AssemblyOptions {
  readonly lanes: ReadonlyMap<number, Lane>;
  readonly polledUs: number;
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
      const item = itemOf(record, lane);
      items.push(item);
      if (item.kind === 'watermark' && item.watermarkMs >= (options.barrierMs ?? Number.POSITIVE_INFINITY)) {
        stopped.push({ partition, offset: record.offset + 1 });
        break;
      }
    }
  }
  return { batch: emptyBatch(items, options.polledUs), stopped };
}

function itemOf(record: LogRecord, lane: Lane): EventInFlight | WatermarkInFlight {
  const watermark = record.headers[HEADERS.watermark];
  if (watermark === undefined) return { kind: 'event', record, lane };
  return { kind: 'watermark', record, lane, watermarkMs: Date.parse(watermark) };
}

function emptyBatch(items: Batch['items'], polledUs: number): Batch {
  const marks = { polledUs, batchedUs: 0, validatedUs: 0, featuresReadUs: 0, modelQueuedUs: 0, modelDoneUs: 0, decidedUs: 0 };
  return { items, marks, outcomes: [], records: [], state: [] };
}
