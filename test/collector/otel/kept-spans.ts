import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { InMemorySpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { JourneySpans, type JourneySpansOptions } from '../../../collector/otel/journey-spans.ts';

/** Journey spans whose exports are kept in memory. */
export function keptSpans(options: JourneySpansOptions = { selection: { ratio: 1 } }) {
  const exporter = new InMemorySpanExporter();
  const journeys = new JourneySpans(exporter, options);
  return { journeys, spans: (): readonly ReadableSpan[] => exporter.getFinishedSpans() };
}

/** An exporter that answers when it is told to, or never. */
export class HeldExporter implements SpanExporter {
  readonly #waiting: (() => void)[] = [];
  spans = 0;

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.spans += spans.length;
    this.#waiting.push(() => done({ code: ExportResultCode.SUCCESS }));
  }

  /** Takes all that was handed over so far. */
  release(): void {
    for (const answer of this.#waiting.splice(0)) answer();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Start and end of a span in µs since 1970. */
export function timesOf({ startTime, endTime }: ReadableSpan): readonly [number, number] {
  return [startTime[0] * 1e6 + startTime[1] / 1000, endTime[0] * 1e6 + endTime[1] / 1000];
}
