import { describe, expect, test } from 'vitest';
import { envelopeHeaders, type RecordHeaders } from '#core';
import type { EventInFlight } from '../../../../runtime/pipeline/batch.ts';
import { assembleBatch } from '../../../../runtime/pipeline/batch-assembly.ts';
import { Lane } from '../../../../runtime/pipeline/lane.ts';
import { decode } from '../../../../runtime/pipeline/stages/decode.ts';
import { SHOP_DEFINITION, SHOP_VIEWS } from '../../../support/shop-pipeline.ts';

const TIME_MS = Date.UTC(2011, 0, 1);
const BINARY = envelopeHeaders({ id: '1', source: '/shop', type: 'bought', timeMs: TIME_MS });
const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

async function decoded(headers: RecordHeaders, value: string | Uint8Array): Promise<EventInFlight> {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const record = { topic: 't', partition: 0, offset: 0, timestampMs: TIME_MS, key: 'k', headers, value: bytes };
  const lanes = new Map([[0, new Lane(0, SHOP_DEFINITION, SHOP_VIEWS)]]);
  const { batch } = assembleBatch([{ topic: 't', partition: 0, records: [record] }], {
    lanes,
    polledUs: 0,
    barrierMs: undefined,
  });
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
