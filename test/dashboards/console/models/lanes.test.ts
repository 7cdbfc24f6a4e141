import { describe, expect, it } from 'vitest';
import { axisOf, laneOf, percentOf, reignsOf } from '../../../../dashboards/console/models/lanes.ts';
import { modelAnswer } from '../answers/models.ts';

const answer = modelAnswer('repurchase', 'live') ?? expect.fail('no canned model');
const NOW = '2011-12-09T12:50:00.000Z';
const axis = axisOf(answer, NOW);
const laneOfVersion = (number: number) =>
  laneOf(answer.versions.find(({ version }) => version === number) ?? expect.fail(`no v${number}`), axis);

describe('the line of models as a picture', () => {
  it('begins before the first training and ends with the event clock', () => {
    expect(new Date(axis.fromMs).toISOString() < '2011-01-31').toBe(true);
    expect(axis.toMs).toBe(Date.parse(NOW));
    expect(axisOf({ versions: [], trainings: [] }, undefined).toMs).toBeGreaterThan(
      axisOf({ versions: [], trainings: [] }, undefined).fromMs,
    );
  });

  it('has who decided when, without a gap and in their order', () => {
    const reigns = reignsOf(answer.versions, axis);
    expect(reigns.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 4, 8]);
    for (const [index, { left, width }] of reigns.slice(0, -1).entries())
      expect(left + width).toBeCloseTo(reigns[index + 1]?.left ?? Number.NaN, 9);
    const last = reigns.at(-1) ?? expect.fail('nobody decides');
    expect(last.left + last.width).toBeCloseTo(100, 9);
  });

  it.each([
    [1, ['baseline', 'live'], ['promoted']],
    [4, ['trial', 'live', 'live'], ['promoted', 'promoted']],
    [5, ['trial', 'live'], ['promoted', 'rolled_back']],
    [6, ['trial'], ['refused']],
    [10, ['trial'], []],
  ] as const)('v%i is drawn as what it was', (version, bars, marks) => {
    const lane = laneOfVersion(version);
    expect(lane.bars.map(({ kind }) => kind)).toEqual(bars);
    expect(lane.marks.map(({ kind }) => kind)).toEqual(marks);
  });

  it('lets what goes on reach to the end, and keeps every place within it', () => {
    const [trial] = laneOfVersion(10).bars;
    expect(trial).toMatchObject({ isOpen: true });
    expect((trial?.left ?? 0) + (trial?.width ?? 0)).toBeCloseTo(100, 9);
    expect(percentOf(axis, '1999-01-01T00:00:00Z')).toBe(0);
    expect(percentOf(axis, '2099-01-01T00:00:00Z')).toBe(100);
  });
});
