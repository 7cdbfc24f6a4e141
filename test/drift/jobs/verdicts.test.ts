import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../drift/jobs/measurement.ts';
import { findAlarm, judge, nextBreaches } from '../../../drift/jobs/verdicts.ts';
import { reviewResampled } from './resampled-windows.ts';

const LIMITS = { consecutive: 2, significance: 0.01 } as const;
const WINDOW = { fromMs: 0, toMs: 1 };

function measured(target: string, found: { readonly value: number; readonly pValue: number } | 'too_few_rows'): Measurement {
  const base = {
    targetKind: 'feature',
    target,
    method: 'ks',
    rows: 500,
    referenceRows: 900,
    reference: WINDOW,
    measured: WINDOW,
  } as const;
  if (found === 'too_few_rows') return { ...base, result: { status: 'not_computable', reason: found } };
  return { ...base, result: { status: 'ok', ...found, referenceValue: null, threshold: 0.15, finding: 'far apart' } };
}

const LARGE = { value: 0.3, pValue: 1e-6 };
const SMALL = { value: 0.02, pValue: 0.8 };

/** Judges windows of one target, one after the other. */
function judged(windows: readonly Parameters<typeof measured>[1][]) {
  let breaches: Readonly<Record<string, number>> = {};
  return windows.map((found) => {
    const [verdict] = judge([measured('f.x', found)], LIMITS, breaches);
    if (verdict === undefined) throw new Error('one measurement has one verdict');
    breaches = nextBreaches([verdict], breaches);
    return [verdict.isBreach, verdict.windowsInARow, verdict.isAlarm];
  });
}

describe('judge', () => {
  it.each([
    { name: 'size without significance', found: { value: 0.3, pValue: 0.02 }, isBreach: false },
    { name: 'significance without size', found: { value: 0.14, pValue: 1e-9 }, isBreach: false },
    { name: 'both', found: LARGE, isBreach: true },
    { name: 'the limit itself, at the level itself', found: { value: 0.15, pValue: 0.01 }, isBreach: true },
  ])('finds a breach in size and significance together: $name', ({ found, isBreach }) => {
    expect(judge([measured('f.x', found)], LIMITS, {})[0]?.isBreach).toBe(isBreach);
  });

  it('holds p-values against their number in the window', () => {
    const columns = Array.from({ length: 20 }, (_none, i) =>
      measured(`f.x${i}`, i === 0 ? { value: 0.2, pValue: 0.004 } : { value: 0.2, pValue: 0.5 }),
    );
    expect(judge(columns, LIMITS, {}).some(({ isBreach }) => isBreach)).toBe(false);
    expect(judge(columns.slice(0, 2), LIMITS, {})[0]?.isBreach).toBe(true);
  });

  it('raises an alarm at the second window in a row, and begins anew after one without a breach', () => {
    expect(judged([LARGE, LARGE, LARGE, SMALL, LARGE])).toEqual([
      [true, 1, false],
      [true, 2, true],
      [true, 3, true],
      [false, 0, false],
      [true, 1, false],
    ]);
  });

  it('neither adds to a row nor ends it with a window that is not computable', () => {
    expect(judged([LARGE, 'too_few_rows', LARGE])).toEqual([
      [true, 1, false],
      [false, 1, false],
      [true, 2, true],
    ]);
  });

  it('says in words what it raises', () => {
    const [verdict] = judge([measured('f.x', LARGE)], LIMITS, { 'f.x ks': 1 });
    expect(verdict && findAlarm(verdict)).toEqual({
      target: 'f.x',
      method: 'ks',
      value: 0.3,
      threshold: 0.15,
      windowsInARow: 2,
      summary: 'f.x: far apart, 2 windows in a row.',
    });
  });
});

describe('a job’s limits', () => {
  it.each([{ rows: 100 }, { rows: 300 }, { rows: 1000 }])('leave windows of $rows rows without drift in peace', ({ rows }) => {
    const windows = reviewResampled({ seed: rows, columns: 12, referenceRows: 700, rows, windows: 24 });
    const share = (isHit: (verdict: (typeof windows)[number][number]) => boolean) =>
      windows.filter((verdicts) => verdicts.some(isHit)).length / windows.length;
    expect(share(({ isAlarm }) => isAlarm)).toBeLessThanOrEqual(0.05);
    expect(share(({ isBreach }) => isBreach)).toBeLessThanOrEqual(0.15);
  });

  it.each([{ rows: 100 }, { rows: 300 }, { rows: 1000 }])('find a real shift within two windows of $rows rows', ({ rows }) => {
    const [, , first, second] = reviewResampled({
      seed: rows + 1,
      columns: 4,
      referenceRows: 700,
      rows,
      windows: 4,
      shiftedFrom: 2,
    });
    const methods = (verdicts: typeof first, isHit: 'isBreach' | 'isAlarm') =>
      (verdicts ?? [])
        .filter((verdict) => verdict[isHit])
        .map(({ measurement }) => `${measurement.target} ${measurement.method}`);
    expect(methods(first, 'isBreach')).toEqual(['f.x0 psi', 'f.x0 ks']);
    expect(methods(second, 'isAlarm')).toEqual(['f.x0 psi', 'f.x0 ks']);
  });
});
