import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startNodeSdk } from '../../../collector/otel/node-sdk.ts';
import { requestsTo } from '../otlp/sent-traces.ts';

describe('startNodeSdk', () => {
  it('starts nothing and sets no globals without a URL', async () => {
    const sdk = startNodeSdk({});
    expect(sdk.isStarted).toBe(false);
    expect(trace.getTracer('test').startSpan('work').isRecording()).toBe(false);
    expect(await sdk.stop()).toBeUndefined();
  });

  it('exports what code in this process traces, under our name', async () => {
    onTestFinished(() => {
      for (const api of [trace, context, propagation, metrics]) api.disable();
    });
    const requests = await requestsTo(async (url) => {
      const sdk = startNodeSdk({ url });
      expect(sdk.isStarted).toBe(true);
      trace.getTracer('test').startActiveSpan('work', (span) => span.end());
      expect(await sdk.stop()).toBeUndefined();
    });
    expect(requests).toHaveLength(1);
    const text = Buffer.from(requests[0]?.body ?? []).toString('utf8');
    expect(text).toContain('"name":"work"');
    expect(text).toContain('"stringValue":"throughline"');
  });
});
