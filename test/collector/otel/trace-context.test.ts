import { describe, expect, it } from 'vitest';
import { traceIdOf } from '#core';
import { findTraceContext, traceOf } from '../../../collector/otel/trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const EVENT = { source: 'urn:shop', id: 'order-1' };

describe('findTraceContext', () => {
  it.each([
    ['version 00', `00-${TRACE}-${SPAN}-01`],
    ['one that was not sampled', `00-${TRACE}-${SPAN}-00`],
    ['a later version', `cc-${TRACE}-${SPAN}-01`],
    ['a later version that goes on', `cc-${TRACE}-${SPAN}-01-what-the-future-brings`],
  ])('reads %s', (_case, text) => {
    expect(findTraceContext(text)).toEqual({ traceId: TRACE, parentId: SPAN });
  });

  it.each([
    ['nothing', undefined],
    ['empty text', ''],
    ['version 00 that goes on', `00-${TRACE}-${SPAN}-01-more`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['a later version that goes on without a dash', `cc-${TRACE}-${SPAN}-01more`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a parent of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a line before it', `\n00-${TRACE}-${SPAN}-01`],
    ['a line behind it', `00-${TRACE}-${SPAN}-01\n`],
  ])('does not take %s', (_case, text) => {
    expect(findTraceContext(text)).toBeUndefined();
  });
});

describe('traceOf', () => {
  it('derives the trace from the event, where it brought none or none that is valid', () => {
    expect(traceOf(EVENT, undefined)).toEqual({ traceId: traceIdOf(EVENT) });
    expect(traceOf(EVENT, 'nonsense')).toEqual({ traceId: traceIdOf(EVENT) });
  });

  it('takes the trace that was brought, and keeps the derived one beside it', () => {
    expect(traceOf(EVENT, `00-${TRACE}-${SPAN}-01`)).toEqual({
      traceId: TRACE,
      remoteParentId: SPAN,
      derivedTraceId: traceIdOf(EVENT),
    });
  });
});
