import type { EventInFlight, StageFunction, WatermarkInFlight } from '../batch.ts';
import type { PipelineDefinition } from '../definition.ts';

/**
 * Lets each (source, id) through once. Within the declared window behind the watermark a redelivery is recognised; an event
 * from before the window cannot be told from one, so it is late: recorded, never scored.
 */
export function createDeduplication({ deduplicationWindowMs }: PipelineDefinition): StageFunction {
  return (batch) => {
    for (const item of batch.items) {
      if (item.kind === 'watermark') moveWatermark(item, deduplicationWindowMs);
      else if (item.fate === undefined) judge(item, deduplicationWindowMs);
    }
  };
}

function moveWatermark({ lane, watermarkMs }: WatermarkInFlight, windowMs: number): void {
  if (watermarkMs <= lane.progress.watermarkMs) return;
  lane.progress.watermarkMs = watermarkMs;
  lane.seen.forgetBefore(watermarkMs - windowMs);
}

function judge(event: EventInFlight, windowMs: number): void {
  const { lane, envelope, record } = event;
  if (envelope === undefined) return;
  if (envelope.timeMs < lane.progress.watermarkMs - windowMs) {
    event.fate = 'late';
    event.reason = 'late: behind the de-duplication window';
    return;
  }
  const first = lane.seen.add(envelope, { offset: record.offset, timeMs: envelope.timeMs });
  if (first === undefined) return;
  event.fate = 'duplicate';
  event.duplicateOf = first;
}
