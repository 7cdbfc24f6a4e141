import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, fingerprintOf, predictionIdOf, traceIdOf } from '#core';

describe('ids', () => {
  test('a trace id is the first 16 bytes of sha256(source, 0, id, 0, attempt)', () => {
    const bytes = Buffer.concat([Buffer.from('/shop'), Buffer.of(0), Buffer.from('536365:1'), Buffer.of(0), Buffer.from('0')]);
    const expected = createHash('sha256').update(bytes).digest().subarray(0, 16).toString('hex');
    expect(traceIdOf({ source: '/shop', id: '536365:1' })).toBe(expected);
    expect(traceIdOf({ source: '/shop', id: '536365:1' }, 1)).not.toBe(expected);
  });

  test('a prediction id is told apart by pipeline, source and id, and nothing else', () => {
    const event = { source: '/shop', id: '1' };
    expect(predictionIdOf('p', event)).toMatch(/^[0-9a-f]{32}$/u);
    expect(predictionIdOf('p', event)).toBe(predictionIdOf('p', { ...event }));
    const others = [
      predictionIdOf('q', event),
      predictionIdOf('p', { ...event, id: '2' }),
      predictionIdOf('p', { ...event, source: '/b' }),
    ];
    expect(new Set([predictionIdOf('p', event), ...others]).size).toBe(4);
  });

  test('a fingerprint does not depend on the order of keys, at any depth', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        expect(fingerprintOf({ a: turned })).toBe(fingerprintOf({ a: value }));
      }),
    );
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe('{"a":[{"c":2,"d":1}],"b":1}');
  });
});
