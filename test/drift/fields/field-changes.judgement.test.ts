import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldFigures } from '#core';
import { DAY_MS } from '../../../drift/fields/day-profiles.ts';
import { type FieldFindings, type FieldQuestion, judgeFields } from '../../../drift/fields/field-changes.ts';
import type { FieldLevels } from '../../../drift/fields/field-levels.ts';

const WEEK_MS = 7 * DAY_MS;
const FIRST_MS = Date.UTC(2011, 8, 5);
const RATIO = 5;
type Quantiles = readonly [p05: number, p50: number, p95: number];

function figures([p05, p50, p95]: Quantiles, week = 0): FieldFigures {
  const fromMs = FIRST_MS + week * WEEK_MS;
  return { window: { fromMs, toMs: fromMs + WEEK_MS }, values: 100, p05, p50, p95 };
}

function questionOf(week: number, state: FieldFindings = { findings: [] }): FieldQuestion {
  const contracts = [{ subject: 'basket', contractVersion: 1, owner: 'shop', fields: ['/price'] }];
  const { window } = figures([0, 0, 0], week);
  return {
    pipeline: 'p',
    window,
    baselineMs: 8 * WEEK_MS,
    ratio: RATIO,
    minimumValues: 50,
    contracts,
    features: new Map(),
    state,
  };
}

interface Week {
  readonly before?: Quantiles | undefined;
  readonly after?: Quantiles | undefined;
  readonly week?: number;
  readonly state?: FieldFindings;
}

function judge({ before, after, week = 0, state }: Week) {
  const level: FieldLevels = {
    subject: 'basket',
    field: '/price',
    source: '/shop',
    contractVersion: 1,
    before: before && figures(before, week - 8),
    after: after && figures(after, week),
  };
  return judgeFields([level], questionOf(week, state));
}

describe('judgeFields', () => {
  it('finds any factor of the ratio or more, either way, and none that is less', () => {
    const magnitude = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    const quantiles = fc.tuple(magnitude, magnitude, magnitude).map((three) => three.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(
        quantiles,
        fc.double({ min: 1.01, max: 1e4, noNaN: true }),
        fc.boolean(),
        fc.constantFrom(1, -1),
        (three, by, isUp, sign) => {
          fc.pre(Math.abs(by - RATIO) > 1e-6);
          const [p05 = 0, p50 = 0, p95 = 0] = three.map((value) => value * sign);
          const factor = isUp ? by : 1 / by;
          const { changed } = judge({ before: [p05, p50, p95], after: [p05 * factor, p50 * factor, p95 * factor] });
          expect(changed).toHaveLength(by > RATIO ? 1 : 0);
          if (by > RATIO) expect(changed[0]?.ratio).toBeCloseTo(factor, 6);
        },
      ),
    );
  });

  it.each<readonly [string, Quantiles | undefined, Quantiles | undefined, number]>([
    ['the median alone', [1, 2, 4], [1, 200, 400], 0],
    ['the upper half alone', [1, 2, 4], [4, 200, 400], 0],
    ['quantiles that move apart', [10, 20, 40], [1, 200, 400], 0],
    ['zeros that stay zeros while the rest moves', [0, 2, 4], [0, 200, 400], 1],
    ['nothing but zeros', [0, 0, 0], [0, 0, 0], 0],
    ['a sign that changes', [1, 2, 4], [-400, -200, -100], 0],
    ['zeros that become values', [0, 0, 0], [10, 20, 30], 0],
    ['too little before', undefined, [100, 200, 400], 0],
    ['too little now', [1, 2, 4], undefined, 0],
  ])('judges %s', (_what, before, after, expected) => {
    expect(judge({ before, after }).changed).toHaveLength(expected);
  });

  it('lets a finding stand until the week is as it was before it, whatever the baseline is by then', () => {
    const began = judge({ before: [1, 2, 4], after: [100, 200, 400] });
    const [finding] = began.changed;
    const standing: readonly (Week & { readonly week: number })[] = [
      { before: [1, 2, 4], after: [100, 200, 400], week: 1 },
      { before: [100, 200, 400], after: [100, 200, 400], week: 12 },
      { before: [1, 2, 4], after: [1, 2, 400], week: 13 },
      { before: [1, 2, 4], after: undefined, week: 14 },
    ];
    for (const week of standing) {
      const verdict = judge({ ...week, state: began.state });
      expect([verdict.changed, verdict.restored, verdict.state]).toEqual([[], [], began.state]);
    }
    const over = judge({ before: [100, 200, 400], after: [1.1, 2.2, 4], week: 15, state: began.state });
    expect(over.changed).toEqual([]);
    expect(over.restored).toEqual([
      expect.objectContaining({ findingId: finding?.findingId, window: figures([0, 0, 0], 15).window }),
    ]);
    expect(over.state).toEqual({
      findings: [],
      spoilt: [
        {
          subject: 'basket',
          field: '/price',
          source: '/shop',
          window: { fromMs: FIRST_MS, toMs: FIRST_MS + 15 * WEEK_MS },
        },
      ],
    });
  });

  it.each([
    [100, / A factor near 100 looks like another unit\./u],
    [0.0011, / A factor near 1\/1,000 looks like another unit\./u],
    [
      33,
      /: from 2011-09-05 to 2011-09-12 its median is 66 .*, 33 times as much, and its 5 % and 95 % quantiles moved with it\. shop answers/u,
    ],
  ])('says of a factor of %d what it looks like', (factor, sentence) => {
    const { changed } = judge({ before: [1, 2, 4], after: [factor, 2 * factor, 4 * factor] });
    expect(changed[0]?.summary).toMatch(sentence);
  });
});
