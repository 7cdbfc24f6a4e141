import { describe, expect, test } from 'vitest';
import { type Envelope, spanIdOf, traceIdOf } from '#core';
import type { EventInFlight } from '../../../runtime/pipeline/batch.ts';
import { parseTraceparent, publishedContext, traceIdOfEvent } from '../../../runtime/pipeline/trace-context.ts';
import { assembleShopBatch } from '../../support/shop-pipeline.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const DERIVED = traceIdOf({ source: '/shop', id: '1' });

function eventWith(traceparent?: string): EventInFlight {
  const record = { topic: 't', partition: 0, offset: 0, timestampMs: 0, key: 'k', headers: {}, value: new Uint8Array() };
  const [event] = assembleShopBatch([record]).batch.items;
  if (event?.kind !== 'event') throw new Error('no event');
  const envelope: Envelope = { id: '1', source: '/shop', type: 'bought', timeMs: 0 };
  event.envelope = traceparent === undefined ? envelope : { ...envelope, traceparent };
  return event;
}

describe('a traceparent', () => {
  test.each([
    ['of version 00', `00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`],
    ['that is not sampled', `00-${TRACE}-${SPAN}-00`, `00-${TRACE}-${SPAN}-00`],
    ['with flags that we do not know', `00-${TRACE}-${SPAN}-fe`, `00-${TRACE}-${SPAN}-00`],
    ['of a later version', `cc-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`],
    ['of a later version with more', `cc-${TRACE}-${SPAN}-03-what-the-future-brings`, `00-${TRACE}-${SPAN}-01`],
  ])('%s is read, as version 00', (_case, text, expected) => {
    expect(parseTraceparent(text)).toBe(expected);
  });

  test.each([
    ['empty', ''],
    ['of version ff', `ff-${TRACE}-${SPAN}-01`],
    ['of version 00 with more', `00-${TRACE}-${SPAN}-01-more`],
    ['of a later version with more that no dash sets apart', `cc-${TRACE}-${SPAN}-01more`],
    ['with an all-zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['with an all-zero parent id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['with a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['with a long parent id', `00-${TRACE}-${SPAN}0-01`],
    ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['with digits that are none', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
    ['without flags', `00-${TRACE}-${SPAN}`],
    ['in spaces', ` 00-${TRACE}-${SPAN}-01 `],
    ['on two lines', `00-${TRACE}-${SPAN}-01\n`],
  ])('%s is ignored', (_case, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

describe('the context of a prediction', () => {
  test('follows from the event’s id where the event brought none', () => {
    const event = eventWith();
    expect(traceIdOfEvent(event)).toBe(DERIVED);
    const ours = `00-${DERIVED}-${spanIdOf(DERIVED, 'publish')}-00`;
    expect(publishedContext(event, () => false)).toEqual({ origin: ours, hop: ours });
  });

  test('keeps the origin’s trace and context, with our publishing as the hop’s parent', () => {
    const brought = `00-${TRACE}-${SPAN}-01`;
    const event = eventWith(brought);
    expect(traceIdOfEvent(event)).toBe(TRACE);
    expect(publishedContext(event, () => false)).toEqual({
      origin: brought,
      hop: `00-${TRACE}-${spanIdOf(DERIVED, 'publish')}-01`,
    });
  });

  test.each([
    [undefined, false, '00'],
    [undefined, true, '01'],
    ['00', false, '00'],
    ['00', true, '01'],
    ['01', false, '01'],
  ])('brought flag %s, kept by ratio %s: %s', (flag, isKept, expected) => {
    const event = eventWith(flag === undefined ? undefined : `00-${TRACE}-${SPAN}-${flag}`);
    const asked: string[] = [];
    const { hop } = publishedContext(event, (traceId) => {
      asked.push(traceId);
      return isKept;
    });
    expect(hop.slice(-2)).toBe(expected);
    expect(asked).toEqual([flag === undefined ? DERIVED : TRACE]);
  });
});
