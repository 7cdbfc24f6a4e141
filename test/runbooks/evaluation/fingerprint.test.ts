import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../runbooks/evaluation/fingerprint.ts';

describe('fingerprintOf', () => {
  // Of prometheus/common's own tests (model/fnv_test.go, model/signature_test.go) and an Alertmanager 0.25's answers.
  it.each([
    [{}, 'cbf29ce484222325'],
    [{ name: 'garland, briggs', fear: 'love is not enough' }, 5799056148416392346n.toString(16).padStart(16, '0')],
  ])('is what Prometheus computes of %j', (labels, fingerprint) => {
    expect(fingerprintOf(labels)).toBe(fingerprint);
  });

  it('depends on no order and on no label without a value', () => {
    const labels = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/u), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(labels, (given) => {
        const turned = Object.fromEntries(Object.entries(given).toReversed());
        expect(fingerprintOf({ ...turned, zzz_nothing: '' })).toBe(fingerprintOf(given));
        expect(fingerprintOf(given)).toMatch(/^[0-9a-f]{16}$/u);
      }),
    );
  });

  it('keeps names and values apart', () => {
    expect(fingerprintOf({ ab: 'c' })).not.toBe(fingerprintOf({ a: 'bc' }));
  });
});
