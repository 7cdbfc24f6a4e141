import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BURN_RATE_ROWS, burnFactor, deadRows } from '#runbooks';

const DAY_MS = 86_400_000;
const periods = fc.integer({ min: 3 * DAY_MS, max: 400 * DAY_MS });

describe('burn rates', () => {
  it('are those of the SRE Workbook for 30 days', () => {
    const table = BURN_RATE_ROWS.map((row) => [
      row.severity,
      row.longMs / 3_600_000,
      row.shortMs / 60_000,
      Number(burnFactor(row, 30 * DAY_MS).toFixed(6)),
    ]);
    expect(table).toEqual([
      ['page', 1, 5, 14.4],
      ['page', 6, 30, 6],
      ['ticket', 24, 120, 3],
      ['ticket', 72, 360, 1],
    ]);
  });

  it('spend the row’s share of the budget in the long window, whatever the period', () => {
    fc.assert(
      fc.property(periods, fc.constantFrom(...BURN_RATE_ROWS), (periodMs, row) => {
        expect((burnFactor(row, periodMs) * row.longMs) / periodMs).toBeCloseTo(row.budgetShare, 12);
        expect(row.longMs).toBe(12 * row.shortMs);
      }),
    );
  });

  it('tell exactly the rows that not even an outage could make fire', () => {
    fc.assert(
      fc.property(periods, fc.double({ min: 0.5, max: 0.9999, noNaN: true }), (periodMs, objective) => {
        const dead = deadRows({ sli: 'latency', objective, periodMs });
        for (const row of BURN_RATE_ROWS) {
          const outage = 1 / (1 - objective);
          expect(dead.includes(row)).toBe(outage <= burnFactor(row, periodMs));
        }
      }),
    );
  });

  it('leave out the pages of retraining, which wakes nobody', () => {
    expect(deadRows({ sli: 'latency', objective: 0.9, periodMs: 30 * DAY_MS }).map(({ severity }) => severity)).toEqual(['page']);
    expect(deadRows({ sli: 'retraining', objective: 0.9, periodMs: 30 * DAY_MS })).toEqual([]);
  });
});
