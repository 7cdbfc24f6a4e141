import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Database, Span } from '#core';
import type { OtlpRequest, ServerDeps } from '../../../app/http/deps.ts';
import { Anything, serveNothing } from './api-server.ts';

const database: Database = { query: async () => [], insert: async () => {}, command: async () => {} };
const telemetry: ServerDeps['telemetry'] = {
  database: () => database,
  status: () => ({ status: 'ok', engine: 'test', lagRecords: 0, problem: null }),
};
const traceId = 'ab'.repeat(16);
const span: Span = {
  traceId,
  spanId: 'cd'.repeat(8),
  parentSpanId: '',
  name: 'process shop.events',
  kind: 'Consumer',
  service: 'throughline',
  start: '2026-01-01T00:00:00.000Z',
  startUs: 0,
  durationUs: 5,
  status: 'Unset',
  statusMessage: '',
  attributes: {},
  links: [],
};

describe('traces', () => {
  test('are read by their id', async () => {
    const { get } = await serveNothing({ telemetry, traces: { read: async () => [span], receive: () => expect.fail() } });
    expect(await get(`/api/traces/${traceId}`, Anything)).toEqual({ traceId, spans: [span] });
  });

  test.each([
    ['application/x-protobuf', undefined],
    ['application/json', 'gzip'],
    ['application/json; charset=utf-8', undefined],
  ])('of an exporter are handed on as they came (%s, %s), and its answer goes back', async (type, encoding) => {
    const received: OtlpRequest[] = [];
    const { server } = await serveNothing({
      telemetry,
      traces: {
        read: async () => [],
        receive: async (request) => {
          received.push(request);
          return { status: 202, contentType: 'application/x-protobuf', body: Uint8Array.of(1, 2) };
        },
      },
    });
    const payload = gzipSync('{"resourceSpans":[]}');
    const headers = { 'content-type': type, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) };
    const {
      statusCode,
      headers: answered,
      rawPayload,
    } = await server.inject({ method: 'POST', url: '/v1/traces', headers, payload });
    expect(received.map(({ contentType, contentEncoding, body }) => [contentType, contentEncoding, Buffer.from(body)])).toEqual([
      [type, encoding, payload],
    ]);
    expect([statusCode, answered['content-type'], [...rawPayload]]).toEqual([202, 'application/x-protobuf', [1, 2]]);
  });

  test('that are too large at once are refused with what to do', async () => {
    const { server } = await serveNothing({ telemetry });
    const payload = Buffer.alloc(16 * 1024 * 1024 + 1);
    const headers = { 'content-type': 'application/x-protobuf' };
    const { statusCode, body } = await server.inject({ method: 'POST', url: '/v1/traces', headers, payload });
    expect(statusCode).toBe(413);
    expect(JSON.parse(body)).toEqual({
      code: 'APP_BODY_TOO_LARGE',
      message: 'the body of /v1/traces is too large: send smaller batches',
    });
  });
});
