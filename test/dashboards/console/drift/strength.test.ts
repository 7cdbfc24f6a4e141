import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DriftMeasure } from '#core';
import { binName } from '../../../../dashboards/console/drift/bins.ts';
import { columnOf } from '../../../../dashboards/console/drift/cell-state.ts';
import { stepped } from '../../../../dashboards/console/drift/grid-steps.ts';
import { measureSentence, measureWords } from '../../../../dashboards/console/drift/measure-words.ts';
import { logSpan } from '../../../../dashboards/console/drift/quantiles.ts';
import { cellOf, limitOf, stepOf, strengthOf } from '../../../../dashboards/console/drift/strength.ts';
import { driftAnswer } from '../answers/drift.ts';

const psi = (value: number, more: Partial<DriftMeasure> = {}): DriftMeasure => ({
  method: 'psi',
  status: 'ok',
  reason: '',
  value,
  referenceValue: null,
  pValue: null,
  threshold: 0.2,
  rows: 300,
  isBreach: false,
  isAlarm: false,
  ...more,
});
const loss = (value: number, threshold: number): DriftMeasure =>
  psi(value, { method: 'log_loss', referenceValue: 0.55, threshold });
const missing: DriftMeasure = psi(0, { status: 'not_computable', value: null, reason: '12 values; at least 100 are asked for' });

describe('a measure against its limit', () => {
  it.each([
    ['PSI', psi(0.1), 0.5],
    ['a change of the share of missing values', psi(0.05, { method: 'null_rate', threshold: 0.1 }), 0.5],
    ['log loss by how far it is over its reference', loss(0.565, 0.03), 0.5],
    ['log loss better than its reference', loss(0.5, 0.03), 0],
    ['what has no limit', psi(0.7, { threshold: null }), null],
    ['what is not computable', missing, null],
  ])('%s', (_name, measure, strength) => {
    const found = strengthOf(measure);
    if (strength === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(strength, 9);
  });

  it('is drawn in quarters up to its limit; only a breach is over it, and an alarm more than that', () => {
    expect([0, 0.049, 0.05, 0.1, 0.16, 0.2, 0.21].map((value) => stepOf(psi(value)))).toEqual([0, 0, 1, 2, 3, 'over', 'over']);
    expect(stepOf(psi(0.3, { isBreach: true }))).toBe('breach');
    expect(stepOf(psi(0.3, { isBreach: true, isAlarm: true }))).toBe('alarm');
    expect(limitOf(loss(0.6, 0.03))).toBeCloseTo(0.58, 9);
  });

  it('never goes down a step as it grows', () => {
    const order = [0, 1, 2, 3, 'over'] as const;
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, (left, right) => {
        const [low, high] = [Math.min(left, right), Math.max(left, right)].map((each) =>
          order.findIndex((step) => step === stepOf(psi(each))),
        );
        return (low ?? 0) >= 0 && (high ?? -1) >= (low ?? 0);
      }),
    );
  });

  it('is told in words', () => {
    expect(measureWords(psi(0.31, { isBreach: true, isAlarm: true }))).toBe('PSI 0.310, limit 0.200: alarm');
    expect(measureWords(missing)).toBe('PSI not computable: 12 values; at least 100 are asked for');
    expect(measureSentence(psi(0.5))).toBe('2.5 times its limit.');
    expect(measureSentence(missing)).toBe('12 values; at least 100 are asked for.');
  });
});

describe('a cell', () => {
  const ks = psi(0.16, { method: 'ks', threshold: 0.15, isBreach: true });

  it('shows what matters most, then what is nearest to its limit', () => {
    expect(cellOf([psi(0.19), ks], 'all')).toEqual({ step: 'breach', measure: ks });
    expect(cellOf([psi(0.19), psi(0.05, { method: 'ks', threshold: 0.15 })], 'all').measure?.method).toBe('psi');
    expect(cellOf([psi(0.19), ks], 'psi').step).toBe(3);
  });

  it('tells what is not computable from what was not measured', () => {
    expect(cellOf([missing], 'all')).toEqual({ step: 'na', measure: missing });
    expect(cellOf([missing, ks], 'all').step).toBe('breach');
    expect(cellOf(null, 'all').step).toBe('none');
    expect(cellOf([ks], 'new_category').step).toBe('none');
  });
});

describe('the heat map', () => {
  it.each([
    ['ArrowDown', false, [3, 4], [3, 4]],
    ['ArrowUp', false, [0, 2], [0, 2]],
    ['ArrowRight', false, [2, 4], [2, 4]],
    ['Home', false, [2, 4], [2, 0]],
    ['End', true, [0, 0], [3, 4]],
  ] as const)('%s stays within it', (key, ctrlKey, from, to) => {
    expect(stepped({ key, ctrlKey }, from, [4, 5])).toEqual(to);
    expect(stepped({ key: 'a', ctrlKey }, from, [4, 5])).toBeUndefined();
  });

  it('opens the window that ends at a time, or the newest before it', () => {
    const { windows } = driftAnswer('repurchase-weekly', 'live') ?? expect.fail('no canned job');
    expect(columnOf(windows, '2011-10-17T00:00:00.000Z')).toBe(37);
    expect(columnOf(windows, '2011-10-18T09:00:00.000Z')).toBe(37);
    expect(columnOf(windows, '2012-10-18T09:00:00.000Z')).toBe(44);
    expect(columnOf(windows, '2010-01-01T00:00:00.000Z')).toBeUndefined();
    expect(columnOf(windows, 'someday')).toBeUndefined();
  });
});

describe('shapes beside it', () => {
  it('bins are named by their edges', () => {
    expect([0, 1, 2].map((bin) => binName([2, 5], bin))).toEqual(['under 2', '2 to under 5', '5 and more']);
    expect(binName([], 0)).toBe('all values');
  });

  it('quantiles that moved by a factor keep their width, and all stay within the track', () => {
    const [before, after] = logSpan({ p05: 0.42, p50: 2.08, p95: 8.5 }, { p05: 42, p50: 208, p95: 850 });
    expect(after.right - after.left).toBeCloseTo(before.right - before.left, 9);
    for (const place of [...Object.values(before), ...Object.values(after)]) {
      expect(place).toBeGreaterThan(0);
      expect(place).toBeLessThan(100);
    }
    const [flat] = logSpan({ p05: -1, p50: -1, p95: -1 }, { p05: -1, p50: -1, p95: -1 });
    expect(flat.middle).toBeCloseTo(50, 9);
  });
});
