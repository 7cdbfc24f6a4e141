import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { messageOf } from '#core';

/** An exporter that counts what became of the spans it was handed. */
export class CountingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  #exported = 0;
  #failed = 0;
  #lastFailure: string | undefined;

  constructor(exporter: SpanExporter) {
    this.#exporter = exporter;
  }

  /** Spans that the other side took. */
  get exported(): number {
    return this.#exported;
  }

  /** Spans that it did not; they are gone. */
  get failed(): number {
    return this.#failed;
  }

  /** Sentence of the newest failure. */
  get lastFailure(): string | undefined {
    return this.#lastFailure;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      if (result.code === ExportResultCode.SUCCESS) this.#exported += spans.length;
      else {
        this.#failed += spans.length;
        this.#lastFailure = messageOf(result.error ?? 'the exporter gave no reason');
      }
      done(result);
    });
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }
}
