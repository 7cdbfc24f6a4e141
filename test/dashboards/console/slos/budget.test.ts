import { describe, expect, it } from 'vitest';
import { budgetWords, burnFigure, percentOf } from '../../../../dashboards/console/slos/budget.ts';
import { historyBars } from '../../../../dashboards/console/slos/history-bars.ts';
import { slos } from '../answers/alerts.ts';

const NARROW = '\u202f';

describe('an error budget in words', () => {
  it.each([
    [null, '–', false],
    [0.62, `62${NARROW}%`, false],
    [0.05, `5.0${NARROW}%`, true],
    [-0.31, `31${NARROW}%`, true],
  ])('%s left is told as %s', (left, figure, isBad) => {
    expect(budgetWords(left)).toMatchObject({ figure, isBad });
  });

  it('tells that it is overspent, so that the figure is not taken for what is left', () => {
    expect(budgetWords(-0.31).sentence).toContain('over the error budget');
  });

  it('keeps the digits of an objective and rounds a burn rate', () => {
    expect([percentOf(0.999), percentOf(0.9995), percentOf(0.9)]).toEqual([`99.9${NARROW}%`, `99.95${NARROW}%`, `90${NARROW}%`]);
    expect([burnFigure(31.44), burnFigure(0.634), burnFigure(1234.5), burnFigure(null)]).toEqual([
      '31.4×',
      '0.63×',
      '1235×',
      '–',
    ]);
  });
});

describe('the history of an objective', () => {
  it('has a bar for each step with events, in its box, and hatches nothing below what is allowed', () => {
    for (const slo of slos('live').slos) {
      const { bars, allowedY, worst } = historyBars(slo, { width: 300, height: 44 });
      expect(bars).toHaveLength(slo.history.filter(({ badShare }) => badShare !== null).length);
      for (const { x, y, width, height, isOver } of bars) {
        expect(x >= 0 && x + width <= 300 && y >= 0).toBe(true);
        expect(y + height).toBeCloseTo(44, 9);
        expect(isOver).toBe(y < allowedY - 1e-9);
      }
      expect(worst).toBeGreaterThanOrEqual(0);
      expect(allowedY).toBeGreaterThan(0);
    }
  });
});
