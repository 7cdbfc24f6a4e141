import { describe, expect, test } from 'vitest';
import { envelopeHeaders, type RecordHeaders } from '#core';
import type { EventInFlight } from '../../../../runtime/pipeline/batch.ts';
import { decode } from '../../../../runtime/pipeline/stages/decode.ts';
import { assembleShopBatch } from '../../../support/shop-pipeline.ts';

const TIME_MS = Date.UTC(2011, 0, 1);
const BINARY = envelopeHeaders({ id: '1', source: '/shop', type: 'bought', timeMs: TIME_MS });
const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

async function decoded(headers: RecordHeaders, value: string | Uint8Array): Promise<EventInFlight> {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const record = { topic: 't', partition: 0, offset: 0, timestampMs: TIME_MS, key: 'k', headers, value: bytes };
  const { batch } = assembleShopBatch([record]);
  await decode(batch, new AbortController().signal);
  const [event] = batch.items;
  if (event?.kind !== 'event') throw new Error('no event');
  return event;
}

describe('decoding', () => {
  test('reads CloudEvents in binary and in structured mode alike', async () => {
    const binary = await decoded(BINARY, '{"amount":1}');
    const structured = await decoded(
      STRUCTURED,
      JSON.stringify({
        specversion: '1.0',
        id: '1',
        source: '/shop',
        type: 'bought',
        time: '2011-01-01T00:00:00Z',
        data: { amount: 1 },
      }),
    );
    for (const event of [binary, structured]) {
      expect(event.fate).toBeUndefined();
      expect(event.envelope).toEqual({ id: '1', source: '/shop', type: 'bought', timeMs: TIME_MS });
      expect(event.data).toEqual({ amount: 1 });
    }
  });

  test('takes the log’s time for an event that brings none', async () => {
    const { ce_time: _time, ...headers } = BINARY;
    expect((await decoded(headers, '{}')).envelope?.timeMs).toBe(TIME_MS);
  });

  const ORIGIN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const HOP = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
  const structured = (traceparent: string): string => JSON.stringify({ id: '1', source: '/s', type: 't', traceparent, data: {} });

  test.each([
    ['the origin’s', { ...BINARY, ce_traceparent: ORIGIN, traceparent: HOP }, '{}', ORIGIN],
    ['the last hop’s where there is no other', { ...BINARY, traceparent: HOP }, '{}', HOP],
    ['the last hop’s where the origin’s is invalid', { ...BINARY, ce_traceparent: `${ORIGIN}0`, traceparent: HOP }, '{}', HOP],
    ['none where all are invalid', { ...BINARY, ce_traceparent: '', traceparent: HOP.toUpperCase() }, '{}', undefined],
    ['the origin’s, structured', { ...STRUCTURED, traceparent: HOP }, structured(ORIGIN), ORIGIN],
    ['the last hop’s, structured', { ...STRUCTURED, traceparent: HOP }, structured('nonsense'), HOP],
  ])('reads the W3C context: %s', async (_case, headers, value, expected) => {
    const { envelope, fate } = await decoded(headers, value);
    expect([envelope?.traceparent, fate]).toEqual([expected, undefined]);
  });

  test('keeps keys such as __proto__ as data', async () => {
    const { data } = await decoded(BINARY, '{"__proto__":{"amount":9},"constructor":1}');
    expect(Object.keys(data ?? {})).toEqual(['__proto__', 'constructor']);
    expect(data?.['amount']).toBeUndefined();
  });

  test.each([
    ['not JSON', BINARY, '{"amount":', 'decode: not JSON'],
    ['not UTF-8', BINARY, Uint8Array.of(0x22, 0xff, 0x22), 'decode: not JSON'],
    ['empty', BINARY, '', 'decode: not JSON'],
    ['an array', BINARY, '[1]', 'decode: data is not an object'],
    ['null', BINARY, 'null', 'decode: data is not an object'],
    ['without attributes', {}, '{}', 'envelope: id missing'],
    ['with an empty source', { ...BINARY, ce_source: '' }, '{}', 'envelope: source missing'],
    ['with a time that is none', { ...BINARY, ce_time: 'yesterday' }, '{}', 'envelope: time unreadable'],
    ['two days in the future', { ...BINARY, ce_time: '2011-01-03T00:00:00Z' }, '{}', 'envelope: time in the future'],
    ['structured, without data', STRUCTURED, '{"id":"1","source":"/s","type":"t"}', 'decode: data is not an object'],
    ['structured, and no object', STRUCTURED, '7', 'envelope: id missing'],
    ['structured, with a number as id', STRUCTURED, '{"id":1,"source":"/s","type":"t","data":{}}', 'envelope: id missing'],
  ])('sends an event that is %s to quarantine', async (_case, headers, value, reason) => {
    expect(await decoded(headers, value)).toMatchObject({ fate: 'quarantined', reason });
  });
});
