import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULTS, type Fault, planDrill } from '#runbooks';
import { RETAIL_CATALOG } from '../../../app/drills/retail-catalog.ts';

const faults = fc.constantFrom(...FAULTS);
const seeds = fc.integer({ min: 1, max: 1_000_000 });
const plans = (name: (typeof FAULTS)[number], count: number) =>
  Array.from({ length: count }, (_, index) => planDrill(name, index + 1, RETAIL_CATALOG));

/** What the table of faults allows. */
// oxlint-disable-next-line complexity -- one case a fault, and no logic in any
function isWithinItsBounds(fault: Fault): boolean {
  switch (fault.name) {
    case 'F0':
    case 'F3':
      return true;
    case 'F1':
      return fault.msPerRecord >= 3 && fault.msPerRecord <= 9;
    case 'F5':
      return RETAIL_CATALOG.breakable.some(({ subject, field }) => subject === fault.subject && field === fault.field);
    case 'F6':
      return Math.abs(Math.log10(fault.factor)) >= 1;
    case 'F7':
      return fault.subject !== 'purchase.completed';
    case 'F9':
      return fault.share >= 0.2 && fault.share <= 0.45;
    case 'F10':
      return Math.abs(fault.bias) >= 0.2 && Math.abs(fault.bias) <= 0.35;
    case 'F12':
      return fault.kind === 'lost' || fault.days > 0;
    case 'F15':
      return fault.partition >= 0 && fault.partition < RETAIL_CATALOG.partitions;
  }
}

describe('the plan of a drill', () => {
  it('is the same for the same fault and seed, and keeps to the table', () => {
    fc.assert(
      fc.property(faults, seeds, (name, seed) => {
        const plan = planDrill(name, seed, RETAIL_CATALOG);
        expect(planDrill(name, seed, RETAIL_CATALOG)).toEqual(plan);
        expect(plan.fault.name).toBe(name);
        expect(isWithinItsBounds(plan.fault)).toBe(true);
        expect(plan.eventsPerSecond).toBeGreaterThanOrEqual(300);
        expect(plan.eventsPerSecond).toBeLessThanOrEqual(600);
        expect(plan.settleMs).toBeGreaterThanOrEqual(4000);
        expect(plan.settleMs).toBeLessThanOrEqual(8000);
      }),
    );
  });

  it.each(FAULTS)('of %s has a decoy in about half of the runs, which nobody on the pathway owns', (name) => {
    const decoys = plans(name, 400).map(({ decoy }) => decoy);
    const there = decoys.filter((decoy) => decoy !== null);
    expect(there.length).toBeGreaterThan(150);
    expect(there.length).toBeLessThan(250);
    for (const { subject, offsetMs } of there) {
      expect(RETAIL_CATALOG.bystanders).toContain(subject);
      expect(Math.abs(offsetMs)).toBeLessThanOrEqual(3000);
    }
  });

  it('differs from seed to seed', () => {
    for (const name of FAULTS) {
      const texts = new Set(plans(name, 50).map((plan) => JSON.stringify({ ...plan, seed: 0 })));
      expect(texts.size).toBeGreaterThan(45);
    }
  });

  it('comes to every choice that the catalogue offers', () => {
    const breaks = plans('F5', 300).flatMap(({ fault }) => (fault.name === 'F5' ? [fault] : []));
    expect(new Set(breaks.map(({ source }) => source))).toEqual(new Set(RETAIL_CATALOG.sources));
    expect(new Set(breaks.map(({ change }) => change.kind))).toEqual(new Set(['renamed', 'text']));
    const stopped = plans('F7', 50).flatMap(({ fault }) => (fault.name === 'F7' ? [fault.view] : []));
    expect(new Set(stopped)).toEqual(new Set(RETAIL_CATALOG.stoppable.map(({ view }) => view)));
    const segments = plans('F10', 200).flatMap(({ fault }) => (fault.name === 'F10' ? [fault.feature] : []));
    expect(new Set(segments)).toEqual(new Set(RETAIL_CATALOG.segments));
  });

  it('is refused where the catalogue has nothing to choose from', () => {
    expect(() => planDrill('F7', 1, { ...RETAIL_CATALOG, stoppable: [] })).toThrow(/nothing to choose from/u);
  });
});
