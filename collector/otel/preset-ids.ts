import type { IdGenerator } from '@opentelemetry/sdk-trace-base';

/** Gives a span the ids that were set before it is started: ours follow from the event and the step. One tracer, one thread. */
export class PresetIds implements IdGenerator {
  traceId = '';
  spanId = '';

  generateTraceId(): string {
    return this.traceId;
  }

  generateSpanId(): string {
    return this.spanId;
  }
}
