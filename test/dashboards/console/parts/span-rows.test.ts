import { describe, expect, it } from 'vitest';
import { spanRows } from '../../../../dashboards/console/parts/span-rows.ts';
import { spans } from '../answers/parts.ts';

const sketches = [
  { name: 'late child', parent: 'root', startUs: 500, durationUs: 400 },
  { name: 'root', startUs: 0, durationUs: 1_000 },
  { name: 'early child', parent: 'root', startUs: 100, durationUs: 200 },
  { name: 'grandchild', parent: 'early child', startUs: 150, durationUs: 50 },
  { name: 'orphan', parent: 'not among them', startUs: 50, durationUs: 10 },
];

describe('the rows of a waterfall', () => {
  it('follow parents and starts; a span without its parent is a root', () => {
    const { rows, totalUs } = spanRows(spans('t', '2026-01-01T00:00:00Z', sketches));
    expect(rows.map(({ span, depth }) => [span.name, depth])).toEqual([
      ['root', 0],
      ['early child', 1],
      ['grandchild', 2],
      ['late child', 1],
      ['orphan', 0],
    ]);
    expect([totalUs, rows.map(({ isParent }) => isParent)]).toEqual([1_000, [true, true, false, false, false]]);
  });

  it('lose no span to a circle of parents, and end', () => {
    const circle = [
      { name: 'a', parent: 'b', startUs: 0, durationUs: 1 },
      { name: 'b', parent: 'a', startUs: 0, durationUs: 1 },
    ];
    expect(
      spanRows(spans('t', '2026-01-01T00:00:00Z', circle))
        .rows.map(({ span }) => span.name)
        .sort(),
    ).toEqual(['a', 'b']);
  });

  it('share a scale that is never empty', () => {
    expect(spanRows([])).toEqual({ rows: [], totalUs: 1 });
  });
});
