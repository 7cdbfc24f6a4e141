import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../../runtime/brokers/embedded/frame.ts';

const record = fc.record({
  key: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  headers: fc.dictionary(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('__proto__')), fc.string({ unit: 'binary' }), {
    maxKeys: 8,
  }),
  value: fc.uint8Array({ maxLength: 300 }),
});

const origin = { topic: 't', partition: 3, firstOffset: 40, timestampMs: 77 };

it('gives back every record as it went in', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (records) => {
      const decoded = decodeFrame(encodeFrame(records), { ...origin, count: records.length });
      expect(decoded.map(({ key, headers, value }) => ({ key, headers: Object.entries(headers), value: [...value] }))).toEqual(
        records.map(({ key, headers, value }) => ({ key, headers: Object.entries(headers), value: [...value] })),
      );
      expect(decoded.map(({ topic, partition, offset, timestampMs }) => [topic, partition, offset, timestampMs])).toEqual(
        records.map((_, index) => ['t', 3, 40 + index, 77]),
      );
    }),
    { numRuns: 200 },
  );
});

it('holds text that repeats once', () => {
  const one = { key: 'k', headers: { 'content-type': 'application/json' }, value: new Uint8Array(0) };
  const frames = [1, 100].map((count) => encodeFrame(Array.from({ length: count }, () => one)).length);
  expect((frames[1] ?? 0) - (frames[0] ?? 0)).toBe(99 * 5);
});

it('holds values of many megabytes', () => {
  const value = new Uint8Array(9_000_000).fill(7);
  const [decoded] = decodeFrame(encodeFrame([{ key: undefined, headers: {}, value }]), { ...origin, count: 1 });
  expect(Buffer.compare(Buffer.from(decoded?.value ?? []), value)).toBe(0);
});
