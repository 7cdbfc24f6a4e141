import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DrillRun, FAULTS, planDrill, reportDrills } from '#runbooks';
import { RETAIL_CATALOG } from '../../../app/drills/retail-catalog.ts';

const seconds = fc.option(fc.integer({ min: 0, max: 450 }).map((tenths) => tenths / 10));
const runs: fc.Arbitrary<DrillRun> = fc
  .record({
    fault: fc.constantFrom(...FAULTS),
    seed: fc.integer({ min: 1, max: 1000 }),
    counted: fc.boolean(),
    detectedS: seconds,
    hypothesisS: seconds,
    top1: fc.boolean(),
    top3: fc.boolean(),
    confidentWrong: fc.boolean(),
    falseAlarms: fc.nat(3),
    falsePages: fc.nat(2),
  })
  .map((run) => ({
    ...run,
    signal: '',
    hypotheses: [],
    alerts: [],
    plan: planDrill(run.fault, run.seed, RETAIL_CATALOG),
  }));

describe('the report of drills', () => {
  it('counts each run once, with its fault; the total leaves out the runs without one', () => {
    fc.assert(
      fc.property(fc.array(runs, { maxLength: 40 }), (all) => {
        const { byFault, total } = reportDrills(all);
        const sum = Object.values(byFault).reduce((count, { runs: ofFault }) => count + ofFault, 0);
        expect(sum).toBe(all.length);
        expect(total.runs).toBe(all.length - (byFault['F0']?.runs ?? 0));
      }),
    );
  });

  it('takes shares and times of the counted runs only, and false alarms of all', () => {
    fc.assert(
      fc.property(fc.array(runs, { maxLength: 40 }), (all) => {
        const { total } = reportDrills(all);
        const faulty = all.filter(({ fault }) => fault !== 'F0');
        const counted = faulty.filter((run) => run.counted);
        expect(total.counted).toBe(counted.length);
        if (counted.length === 0) expect(total.top1Share).toBeNull();
        else expect(total.top1Share).toBeCloseTo(counted.filter(({ top1 }) => top1).length / counted.length);
        expect(total.falseAlarms).toBe(faulty.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0));
        const detected = counted.flatMap(({ detectedS }) => detectedS ?? []);
        expect(total.detectedS?.max ?? null).toBe(detected.length === 0 ? null : Math.max(...detected));
      }),
    );
  });

  it('tells times as distributions of what was measured: never interpolated, never out of order', () => {
    fc.assert(
      fc.property(fc.array(runs, { minLength: 1, maxLength: 40 }), (all) => {
        for (const { detectedS } of Object.values(reportDrills(all).byFault)) {
          if (detectedS === null) continue;
          const { median, p90, max } = detectedS;
          expect(median).toBeLessThanOrEqual(p90);
          expect(p90).toBeLessThanOrEqual(max);
          const measured = all.map((run) => run.detectedS);
          for (const value of [median, p90, max]) expect(measured).toContain(value);
        }
      }),
    );
  });

  it('has the median of ten and their ninth as p90', () => {
    const base = fc.sample(runs, 1)[0];
    if (base === undefined) return expect.unreachable();
    const ten = Array.from({ length: 10 }, (_, index) => ({
      ...base,
      fault: 'F3' as const,
      counted: true,
      detectedS: 10 - index,
    }));
    expect(reportDrills(ten).total.detectedS).toEqual({ median: 5, p90: 9, max: 10 });
  });
});
