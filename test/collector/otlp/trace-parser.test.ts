import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThroughlineError } from '#core';
import { parseTraces } from '../../../collector/otlp/trace-parser.ts';

const NOW_MS = 1_764_000_000_000;
const OPTIONS = { nowMs: NOW_MS };
const START = String(BigInt(NOW_MS) * 1_000_000n);

const SPAN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'work',
  startTimeUnixNano: START,
  endTimeUnixNano: START,
};

function requestOf(...spans: readonly unknown[]) {
  return { resourceSpans: [{ scopeSpans: [{ spans: [] }, { spans }] }] };
}

function attributesOf(value: unknown): string | undefined {
  const { rows, errorMessage } = parseTraces(requestOf({ ...SPAN, attributes: [{ key: 'it', value }] }), OPTIONS);
  expect(errorMessage).toBe('');
  return rows[0]?.attributes['it'];
}

describe('parseTraces', () => {
  it('takes a span with nothing but ids and times, and null for what is absent', () => {
    const nothing = {
      parentSpanId: null,
      kind: null,
      status: null,
      attributes: null,
      events: null,
      links: null,
      traceState: null,
    };
    const { rows } = parseTraces(requestOf({ ...SPAN, ...nothing, ofTheFuture: { deep: [1] } }), OPTIONS);
    expect(rows[0]).toMatchObject({
      kind: 'Unspecified',
      statusCode: 'Unset',
      parentSpanId: '',
      serviceName: '',
      attributes: {},
    });
  });

  it.each([
    [
      { ...SPAN, kind: 2, status: { code: 1 } },
      { kind: 'Server', statusCode: 'Ok' },
    ],
    [
      { ...SPAN, kind: 'SPAN_KIND_CONSUMER', status: { code: 'STATUS_CODE_ERROR', message: 'm' } },
      { kind: 'Consumer', statusCode: 'Error', statusMessage: 'm' },
    ],
    [{ ...SPAN, traceId: SPAN.traceId.toUpperCase() }, { traceId: SPAN.traceId }],
    [{ ...SPAN, parentSpanId: '0'.repeat(16) }, { parentSpanId: '' }],
    [{ ...SPAN, startTimeUnixNano: 1_764_000_000_000_000_000 }, { startUnixNano: 1_764_000_000_000_000_000n }],
  ])('reads numbers and names alike: %j', (span, expected) => {
    expect(parseTraces(requestOf(span), OPTIONS).rows[0]).toMatchObject(expected);
  });

  it.each([
    ['text', { stringValue: 'a' }, 'a'],
    ['empty text', { stringValue: '' }, ''],
    ['an integer as text', { intValue: '-9007199254740993' }, '-9007199254740993'],
    ['an integer', { intValue: 7 }, '7'],
    ['a double', { doubleValue: 0.1 }, '0.1'],
    ['no number', { doubleValue: 'NaN' }, 'NaN'],
    ['infinity', { doubleValue: '-Infinity' }, '-Infinity'],
    ['a truth', { boolValue: false }, 'false'],
    ['bytes', { bytesValue: 'aGk=' }, 'aGk='],
    ['nothing', {}, ''],
    ['null', null, ''],
    ['a kind of the future', { someValue: 1 }, ''],
    ['a list', { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'b' }, {}] } }, '[1,"b",null]'],
    ['an empty list', { arrayValue: {} }, '[]'],
    [
      'a map',
      {
        kvlistValue: {
          values: [{ key: '__proto__', value: { kvlistValue: { values: [{ key: 'n', value: { boolValue: true } }] } } }],
        },
      },
      '{"__proto__":{"n":true}}',
    ],
  ])('stores %s as text', (_case, value, text) => {
    expect(attributesOf(value)).toBe(text);
  });

  it('is not misled by an attribute that is called __proto__', () => {
    const attributes = [{ key: '__proto__', value: { stringValue: 'x' } }];
    const { rows } = parseTraces(requestOf({ ...SPAN, attributes }), OPTIONS);
    expect(Object.entries(rows[0]?.attributes ?? {})).toEqual([['__proto__', 'x']]);
  });

  it.each<readonly [string, unknown, string]>([
    ['traceId', 'xyz', 'traceId must be 32 hex digits, and is "xyz"'],
    ['traceId', '0'.repeat(32), 'traceId must be 32 hex digits that are not all 0'],
    ['traceId', undefined, 'traceId must be 32 hex digits that are not all 0, and is undefined'],
    ['spanId', 7, 'spanId must be 16 hex digits, and is 7'],
    ['parentSpanId', 'b7ad6b716920333', 'parentSpanId must be 16 hex digits'],
    ['name', {}, 'name must be text, and is {}'],
    ['kind', 6, 'kind must be 0 to 5 or one of SPAN_KIND_*, and is 6'],
    ['kind', 'SERVER', 'kind must be 0 to 5'],
    ['kind', 1.5, 'kind must be 0 to 5'],
    ['status', { code: 'no' }, 'status.code must be 0 to 2'],
    ['startTimeUnixNano', '-1', 'startTimeUnixNano must be an unsigned 64-bit integer'],
    ['startTimeUnixNano', 1.5, 'startTimeUnixNano must be an unsigned 64-bit integer'],
    [
      'startTimeUnixNano',
      '1'.repeat(400),
      `startTimeUnixNano must be an unsigned 64-bit integer, as text or a number, and is "${'1'.repeat(39)}…`,
    ],
    ['startTimeUnixNano', undefined, 'startTimeUnixNano must be within the last 30 days'],
    ['startTimeUnixNano', '1700000000000000000', 'startTimeUnixNano must be within the last 30 days'],
    ['endTimeUnixNano', '1', 'endTimeUnixNano must be at or after startTimeUnixNano'],
    ['endTimeUnixNano', 1e20, 'endTimeUnixNano must be an unsigned 64-bit integer'],
    ['attributes', {}, 'attributes must be an array'],
    ['attributes', [{ key: 1 }], 'attributes[0].key must be text'],
    ['attributes', [{ key: 'a', value: { intValue: '1.5' } }], 'attributes[0].value.intValue must be a 64-bit integer'],
    [
      'attributes',
      [{ key: 'a', value: { arrayValue: { values: [{ boolValue: 1 }] } } }],
      'attributes[0].value.arrayValue.values[0].boolValue must be',
    ],
    ['events', [{}, { timeUnixNano: 'x' }], 'events[1].timeUnixNano must be'],
    ['events', [{ timeUnixNano: '18446744073709551615' }], 'events[0].timeUnixNano must be a time before 2262'],
    ['links', [{ traceId: SPAN.traceId }], 'links[0].spanId must be 16 hex digits'],
  ])('rejects a span whose %s is %j, and says where', (field, value, sentence) => {
    const end = field === 'startTimeUnixNano' ? { endTimeUnixNano: '9223372036854775807' } : {};
    const { rows, rejectedSpans, errorMessage } = parseTraces(
      requestOf(SPAN, { ...SPAN, ...end, [field]: value }, SPAN),
      OPTIONS,
    );
    expect(rows).toHaveLength(2);
    expect(rejectedSpans).toBe(1);
    expect(errorMessage).toContain(`resourceSpans[0].scopeSpans[1].spans[1].${sentence}`);
  });

  it('rejects values that are nested without end', () => {
    const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ arrayValue: { values: [inner] } }), {});
    const { rejectedSpans, errorMessage } = parseTraces(requestOf({ ...SPAN, attributes: [{ key: 'a', value: deep }] }), OPTIONS);
    expect(rejectedSpans).toBe(1);
    expect(errorMessage).toContain('nested at most 16 deep');
  });

  it('says of three spans what is wrong, and of the others how many there are', () => {
    const bad = Array.from({ length: 10 }, () => null);
    const { rejectedSpans, errorMessage } = parseTraces(requestOf(...bad), OPTIONS);
    expect(rejectedSpans).toBe(10);
    expect(errorMessage.split('; ')).toHaveLength(4);
  });

  it('takes so many spans of a request and reports the rest', () => {
    const many = Array.from({ length: 5 }, () => SPAN);
    const twice = { resourceSpans: [...requestOf(...many).resourceSpans, ...requestOf(...many).resourceSpans] };
    const { rows, rejectedSpans, errorMessage } = parseTraces(twice, { ...OPTIONS, maxSpans: 3 });
    expect([rows.length, rejectedSpans]).toEqual([3, 7]);
    expect(errorMessage).toContain('what follows resourceSpans[0].scopeSpans[1].spans[3] was left out');
  });

  it.each([
    [[], 'the body must be an object'],
    [{ resourceSpans: 1 }, 'resourceSpans must be an array, and is 1'],
    [
      { resourceSpans: [{ resource: { attributes: [7] } }] },
      'resourceSpans[0].resource.attributes[0] must be an object, and is 7',
    ],
    [{ resourceSpans: [{ scopeSpans: [{ scope: { name: 1 } }] }] }, 'resourceSpans[0].scopeSpans[0].scope.name must be text'],
    [{ resourceSpans: [{ scopeSpans: [{ spans: 'x' }] }] }, 'resourceSpans[0].scopeSpans[0].spans must be an array'],
  ])('refuses %j as a whole', (request, sentence) => {
    expect(() => parseTraces(request, OPTIONS)).toThrow(sentence);
  });

  it('answers anything with rows, rejections or a sentence, and never with a fault of its own', () => {
    const anySpan = fc.record(
      {
        traceId: fc.oneof(fc.constant(SPAN.traceId), fc.anything()),
        spanId: fc.oneof(fc.constant(SPAN.spanId), fc.anything()),
        startTimeUnixNano: fc.oneof(fc.constant(START), fc.anything()),
        endTimeUnixNano: fc.oneof(fc.constant(START), fc.anything()),
        kind: fc.oneof(fc.nat(6), fc.anything()),
        attributes: fc.oneof(fc.array(fc.record({ key: fc.string(), value: fc.anything() })), fc.anything()),
        events: fc.oneof(fc.array(fc.anything()), fc.anything()),
        links: fc.oneof(fc.array(fc.anything()), fc.anything()),
      },
      { requiredKeys: [] },
    );
    const request = fc.oneof(
      fc.array(anySpan).map((spans) => requestOf(...spans)),
      fc.anything(),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(request, (value) => {
        // What arrives has come through JSON.
        const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
        const received: unknown = text === undefined ? null : JSON.parse(text);
        try {
          const { rows, rejectedSpans } = parseTraces(received, OPTIONS);
          expect(rows.length + rejectedSpans).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ThroughlineError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
