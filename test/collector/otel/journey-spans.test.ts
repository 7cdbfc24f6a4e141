import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Context, type ContextManager, context, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode, isTracingSuppressed } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CompletedEvent } from '#core';
import { createJourneySpans, JourneySpans } from '../../../collector/otel/journey-spans.ts';
import { requestsTo } from '../otlp/sent-traces.ts';
import { completedBatch, completedEvent, numbered, quarantinedEvent, scoredEvent } from './completed-journeys.ts';
import { HeldExporter, keptSpans } from './kept-spans.ts';

const KEEP_ALL = { selection: { ratio: 1, maxPerMinute: { quarantined: 100_000 } } };

function quarantined(count: number): readonly CompletedEvent[] {
  return Array.from({ length: count }, (_, index) => quarantinedEvent(numbered(index)));
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

describe('JourneySpans', () => {
  it('exports in the background what it keeps, and counts it by reason', async () => {
    const { journeys, spans } = keptSpans({ selection: { ratio: 0, budgetP99Ms: 50, maxPerMinute: { quarantined: 2 } } });
    journeys.completed(
      completedBatch([...quarantined(3), quarantinedEvent({ reason: 'exception: decide' }), scoredEvent(), completedEvent()]),
    );
    expect(spans(), 'nothing is made while the batch completes').toHaveLength(0);
    await vi.waitFor(() => expect(spans()).toHaveLength(1 + 3 * 5 + 9));
    await journeys.flush();
    const { kept, dropped, spans: counted, faults } = journeys.counts();
    expect(kept).toEqual({ error: 1, quarantined: 2, breach: 1, canary: 0, ratio: 0 });
    expect(dropped).toEqual({ error_cap: 0, quarantined_cap: 1, breach_cap: 0, queue_full: 0 });
    expect(counted).toEqual({ made: 25, exported: 25, failed: 0 });
    expect(faults).toBe(0);
  });

  it('loses nothing of several large batches: each event has its spans, each batch one poll', async () => {
    const { journeys, spans } = keptSpans(KEEP_ALL);
    for (const batchId of ['1', '2', '3']) {
      const events = Array.from({ length: 1000 }, (_, index) => scoredEvent(numbered(index)));
      journeys.completed(completedBatch(events, { batchId }));
    }
    await journeys.flush();
    expect(spans()).toHaveLength(3 * (1000 * 9 + 1));
    expect(journeys.counts().spans).toEqual({ made: 27_003, exported: 27_003, failed: 0 });
    expect(journeys.counts().dropped.queue_full).toBe(0);
  });

  it('makes few spans at a time, and drops and counts journeys beyond its bound, while nothing is taken', async () => {
    const exporter = new HeldExporter();
    const journeys = new JourneySpans(exporter, KEEP_ALL);
    for (let batch = 0; batch < 20; batch += 1) {
      journeys.completed(completedBatch(quarantined(1024), { batchId: String(batch) }));
      await turns(5);
    }
    const { kept, dropped, spans } = journeys.counts();
    expect(spans.made).toBe(1 + 32 * 5);
    expect(exporter.spans).toBe(spans.made);
    expect(kept.quarantined).toBe(4096 + 32);
    expect(kept.quarantined + dropped.queue_full).toBe(20 * 1024);
    exporter.release();
    await turns(5);
    expect(journeys.counts().spans.made, 'goes on once it was taken').toBe(spans.made + 32 * 5);
  });

  it('counts what the other side refuses, and never throws', async () => {
    const exporter: SpanExporter = {
      export: (_spans, done) => done({ code: ExportResultCode.FAILED, error: new Error('no route to host') }),
      shutdown: () => Promise.resolve(),
    };
    const journeys = new JourneySpans(exporter, KEEP_ALL);
    journeys.completed(completedBatch(quarantined(10)));
    await journeys.stop();
    expect(journeys.counts()).toMatchObject({ spans: { made: 51, exported: 0, failed: 51 }, lastFailure: 'no route to host' });
  });

  it('tries no further request once one failed while it stops', async () => {
    let requests = 0;
    const exporter: SpanExporter = {
      export: (_spans, done) => {
        requests += 1;
        done({ code: ExportResultCode.FAILED, error: new Error('no route to host') });
      },
      shutdown: () => Promise.resolve(),
    };
    const journeys = new JourneySpans(exporter, KEEP_ALL);
    journeys.completed(completedBatch(quarantined(1000)));
    await journeys.stop();
    expect(requests).toBe(1);
    expect(journeys.counts().dropped.queue_full).toBe(1000 - 32);
  });

  it('makes nothing more of what waits once its time to stop is over', async () => {
    const exporter = new HeldExporter();
    let stopNow = (): void => undefined;
    const timer = (_afterMs: number, run: () => void): (() => void) => {
      stopNow = run;
      return () => undefined;
    };
    const journeys = new JourneySpans(exporter, { ...KEEP_ALL, timer });
    journeys.completed(completedBatch(quarantined(1000)));
    const stopped = journeys.stop();
    await turns(5);
    stopNow();
    exporter.release();
    await stopped;
    expect(journeys.counts()).toMatchObject({ dropped: { queue_full: 1000 - 32 }, spans: { made: 161, exported: 161 } });
  });

  it('does not throw at a batch that cannot be walked', () => {
    const { journeys } = keptSpans();
    const events: CompletedEvent[] = [];
    events[Symbol.iterator] = () => {
      throw new RangeError('taken away');
    };
    journeys.completed({ ...completedBatch([]), events });
    expect(journeys.counts()).toMatchObject({ faults: 1, lastFailure: 'taken away' });
  });

  it('looks at nothing once it was stopped', async () => {
    const { journeys } = keptSpans();
    await journeys.stop();
    await journeys.stop();
    journeys.completed(completedBatch([scoredEvent()]));
    await journeys.flush();
    expect(journeys.counts().kept.ratio).toBe(0);
  });

  it('suppresses tracing while it exports, so that its own requests leave no spans', async () => {
    let active: Context = ROOT_CONTEXT;
    const manager: ContextManager = {
      active: () => active,
      with: (inner, run, self, ...args) => {
        const outer = active;
        active = inner;
        try {
          return run.call(self as ThisParameterType<typeof run>, ...args);
        } finally {
          active = outer;
        }
      },
      bind: (_context, target) => target,
      enable: () => manager,
      disable: () => manager,
    };
    context.setGlobalContextManager(manager);
    onTestFinished(() => context.disable());
    const seen: boolean[] = [];
    const exporter: SpanExporter = {
      export: (_spans, done) => {
        seen.push(isTracingSuppressed(context.active()));
        done({ code: ExportResultCode.SUCCESS });
      },
      shutdown: () => Promise.resolve(),
    };
    const journeys = new JourneySpans(exporter, KEEP_ALL);
    journeys.completed(completedBatch(quarantined(1)));
    await journeys.flush();
    expect(seen).toEqual([true]);
  });
});

describe('createJourneySpans', () => {
  it('sends JSON to the URL', async () => {
    const requests = await requestsTo(async (url) => {
      const journeys = createJourneySpans(url, KEEP_ALL);
      journeys.completed(completedBatch([scoredEvent()]));
      await journeys.stop();
      expect(journeys.counts().spans).toEqual({ made: 10, exported: 10, failed: 0 });
    });
    expect(requests.map(({ contentType }) => contentType)).toEqual(['application/json']);
    expect(Buffer.from(requests[0]?.body ?? []).toString('utf8')).toContain('"name":"process shop.events"');
  });
});
