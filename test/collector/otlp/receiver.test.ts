import { gzipSync } from 'node:zlib';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiveTraces, type TraceRequest, traceResponseOf } from '../../../collector/otlp/receiver.ts';
import { sentTraces } from './sent-traces.ts';

const START_MS = 1_764_000_000_123;
const OPTIONS = { nowMs: START_MS + 60_000 };
const LINKED = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: TraceFlags.SAMPLED };
const EMPTY = Buffer.from('{"resourceSpans":[]}');

/** A span as code may make it; keys that are numbers would be sorted by the language itself. */
const SENT_SPAN = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  kind: fc.integer({ min: 0, max: 4 }),
  attributes: fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => !/^\d+$|^__proto__$/u.test(key)),
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .filter((value) => !Object.is(value, -0) && !(Math.abs(value) > 2 ** 53)),
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }),
    ),
  ),
  startMs: fc.integer({ min: START_MS - 1_000_000, max: START_MS }),
  lengthMs: fc.nat({ max: 1_000_000 }),
  message: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
});

function json(body: Uint8Array, contentEncoding?: string): TraceRequest {
  return { contentType: 'application/json', contentEncoding, body };
}

describe('receiveTraces', () => {
  it.each(['none', 'gzip'] as const)('reads what OpenTelemetry’s own exporter sends (compression: %s)', async (compression) => {
    const requests = await sentTraces(compression, (provider) => {
      const tracer = provider.getTracer('checkout', '1.2.3');
      const parent = trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
      const options = {
        kind: SpanKind.PRODUCER,
        startTime: START_MS,
        attributes: { text: 'ü "quoted"', whole: 42, part: 0.5, yes: true, many: ['a', 'b'], mixed: [1, 2.5] },
        links: [{ context: LINKED, attributes: { why: 'batch' } }],
      };
      const span = tracer.startSpan('send orders', options, parent);
      span.addEvent('retried', { times: 2 }, START_MS + 5);
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'refused' });
      span.end(START_MS + 10);
      tracer.startSpan('a root', { startTime: START_MS }, ROOT_CONTEXT).end(START_MS);
    });
    expect(requests).toHaveLength(1);
    const [request] = requests;
    if (request === undefined) return;
    expect(request.contentEncoding).toBe(compression === 'gzip' ? 'gzip' : undefined);
    const { rows, rejectedSpans, errorMessage } = await receiveTraces(request, OPTIONS);
    expect([rejectedSpans, errorMessage]).toEqual([0, '']);
    expect(rows[0]).toEqual({
      startUnixNano: BigInt(START_MS) * 1_000_000n,
      traceId: 'a'.repeat(32),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/u),
      parentSpanId: 'b'.repeat(16),
      traceState: '',
      name: 'send orders',
      kind: 'Producer',
      serviceName: 'shop',
      resourceAttributes: { 'service.name': 'shop', 'host.cores': '8' },
      scopeName: 'checkout',
      scopeVersion: '1.2.3',
      attributes: { text: 'ü "quoted"', whole: '42', part: '0.5', yes: 'true', many: '["a","b"]', mixed: '[1,2.5]' },
      durationNano: 10_000_000n,
      statusCode: 'Error',
      statusMessage: 'refused',
      events: [{ timeUnixNano: BigInt(START_MS + 5) * 1_000_000n, name: 'retried', attributes: { times: '2' } }],
      links: [{ traceId: LINKED.traceId, spanId: LINKED.spanId, traceState: '', attributes: { why: 'batch' } }],
    });
    expect(rows[1]).toMatchObject({ name: 'a root', kind: 'Internal', parentSpanId: '', durationNano: 0n, statusCode: 'Unset' });
  });

  it('gives back whatever spans OpenTelemetry’s own exporter was given', async () => {
    const spans = fc.sample(SENT_SPAN, { numRuns: 300, seed: 7 });
    const requests = await sentTraces('gzip', (provider) => {
      const tracer = provider.getTracer('checkout');
      for (const { name, kind, attributes, startMs, lengthMs, message } of spans) {
        const span = tracer.startSpan(name, { kind, attributes, startTime: startMs }, ROOT_CONTEXT);
        if (message !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message });
        span.end(startMs + lengthMs);
      }
    });
    const received = await Promise.all(requests.map((request) => receiveTraces(request, OPTIONS)));
    expect(received.map(({ errorMessage }) => errorMessage)).toEqual(requests.map(() => ''));
    const seen = received
      .flatMap(({ rows }) => rows)
      .map((row) => ({
        name: row.name,
        kind: row.kind,
        attributes: row.attributes,
        start: row.startUnixNano,
        length: row.durationNano,
        status: [row.statusCode, row.statusMessage],
      }));
    expect(seen).toEqual(
      spans.map(({ name, kind, attributes, startMs, lengthMs, message }) => ({
        name,
        kind: ['Internal', 'Server', 'Client', 'Producer', 'Consumer'][kind],
        attributes: Object.fromEntries(
          Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
        ),
        start: BigInt(startMs) * 1_000_000n,
        length: BigInt(lengthMs) * 1_000_000n,
        status: message === undefined ? ['Unset', ''] : ['Error', message],
      })),
    );
  });

  it.each<readonly [string, TraceRequest, string, RegExp]>([
    [
      'protobuf',
      { ...json(EMPTY), contentType: 'application/x-protobuf' },
      'OTLP_PROTOBUF_UNSUPPORTED',
      /set the exporter to JSON/u,
    ],
    ['another content type', { ...json(EMPTY), contentType: 'text/plain' }, 'OTLP_CONTENT_TYPE_UNSUPPORTED', /text\/plain/u],
    ['no content type', { ...json(EMPTY), contentType: undefined }, 'OTLP_CONTENT_TYPE_UNSUPPORTED', /no content type/u],
    ['another encoding', json(EMPTY, 'br'), 'OTLP_ENCODING_UNSUPPORTED', /encoding br/u],
    ['what is no gzip', json(EMPTY, 'gzip'), 'OTLP_BODY_INVALID', /claims to be gzip/u],
    ['half a gzip', json(gzipSync(EMPTY).subarray(0, -12), 'gzip'), 'OTLP_BODY_INVALID', /claims to be gzip/u],
    ['what is no JSON', json(Buffer.from('{"resourceSpans":')), 'OTLP_BODY_INVALID', /not JSON/u],
    ['nothing', json(Buffer.alloc(0)), 'OTLP_BODY_INVALID', /not JSON/u],
    ['what is no UTF-8', json(Buffer.from([0x22, 0xff, 0x22])), 'OTLP_BODY_INVALID', /not JSON/u],
    ['JSON that is no request', json(Buffer.from('"text"')), 'OTLP_FIELD_INVALID', /the body must be an object/u],
    ['a list', json(Buffer.from('[]')), 'OTLP_FIELD_INVALID', /the body must be an object/u],
    ['too much', json(Buffer.alloc(1001, ' ')), 'OTLP_BODY_TOO_LARGE', /1001 bytes, and may have 1000/u],
    [
      'a zip bomb',
      json(gzipSync(Buffer.alloc(100_000, ' ')), 'gzip'),
      'OTLP_BODY_TOO_LARGE',
      /more than 2000 bytes once inflated/u,
    ],
  ])('refuses %s with a sentence', async (_case, request, code, message) => {
    const limits = { ...OPTIONS, maxBytes: 1000, maxInflatedBytes: 2000 };
    await expect(receiveTraces(request, limits)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['application/json; charset=utf-8', undefined],
    ['Application/JSON', 'identity'],
    ['application/json', ''],
  ])('takes the content type %s in the encoding %s', async (contentType, contentEncoding) => {
    const { rows } = await receiveTraces({ contentType, contentEncoding, body: EMPTY }, OPTIONS);
    expect(rows).toEqual([]);
  });
});

describe('traceResponseOf', () => {
  it('is empty where all was taken, and says what was not', () => {
    expect(traceResponseOf({ rows: [], rejectedSpans: 0, errorMessage: '' })).toEqual({});
    expect(traceResponseOf({ rows: [], rejectedSpans: 2, errorMessage: 'why' })).toEqual({
      partialSuccess: { rejectedSpans: '2', errorMessage: 'why' },
    });
  });
});
