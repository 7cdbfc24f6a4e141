import { describe, expect, it } from 'vitest';
import type { EventAnswer, Journey } from '#core';
import { stageRows } from '../../../../dashboards/console/journey/stage-rows.ts';
import { findJourney } from '../answers/journeys.ts';

function latencyOf(id: string): Journey['latency'] {
  const found: EventAnswer['found'] | undefined = findJourney(id)?.found;
  if (found?.kind !== 'journey') throw new Error(`the fixtures have no journey ${id}`);
  return found.latency;
}

describe('the stages of a journey', () => {
  it.each(['581483:completed', '581586:completed', '563201:completed'])(
    'of %s stand one behind the other and fill the whole',
    (id) => {
      const latency = latencyOf(id);
      const { rows, sumUs } = stageRows(latency);
      expect(sumUs).toBe(latency.endToEndUs);
      for (const [index, row] of rows.entries()) {
        const before = rows[index - 1];
        expect(row.left).toBeCloseTo(before === undefined ? 0 : before.left + before.width, 6);
      }
      expect(rows.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(100, 6);
    },
  );

  it('say which of them broke their latency budget', () => {
    const { rows } = stageRows(latencyOf('581586:completed'));
    const verdicts = Object.fromEntries(rows.map(({ stage, verdict }) => [stage, verdict]));
    expect(verdicts).toMatchObject({
      broker_wait: 'within',
      model_queue: 'over_p99',
      model_compute: 'over_p95',
      publish: 'over_p99',
      unattributed: 'no_budget',
    });
  });

  it('draw the wait of backlog with a break, so that hours hide nothing', () => {
    const { rows } = stageRows(latencyOf('563201:completed'));
    expect(rows[0]).toMatchObject({ stage: 'broker_wait', isBroken: true, verdict: 'waited', width: 12 });
    expect(rows.filter(({ isBroken }) => isBroken)).toHaveLength(1);
  });

  it.each([{ isBacklog: true }, { isSkewed: true }])(
    'are held against no budget where they are outside the objectives: %o',
    (change) => {
      const { rows } = stageRows({ ...latencyOf('581586:completed'), ...change });
      expect(new Set(rows.slice(1).map(({ verdict }) => verdict))).toEqual(new Set(['unheld', 'no_budget']));
    },
  );

  it('give a negative time of skewed clocks no width', () => {
    const latency = latencyOf('581483:completed');
    const stages = latency.stages.map((stage) => (stage.stage === 'broker_wait' ? { ...stage, us: -3_000 } : stage));
    expect(stageRows({ ...latency, stages }).rows[0]).toMatchObject({ us: -3_000, width: 0 });
  });
});
