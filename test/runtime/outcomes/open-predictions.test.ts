import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutcomeRecord } from '#core';
import { OpenPredictions } from '../../../runtime/outcomes/open-predictions.ts';
import type { PipelineDefinition } from '../../../runtime/pipeline/definition.ts';

const DAY_MS = 86_400_000;
const HORIZON_MS = 3 * DAY_MS;
const DEFINITION: PipelineDefinition = {
  name: 'test',
  topic: 'events',
  partitions: 1,
  retentionMs: DAY_MS,
  scoredSubject: 'bought',
  entityProperty: 'customer',
  model: 'm',
  decision: { threshold: 0.5, below: 'act', otherwise: 'none' },
  predictionTopic: 'predictions',
  predictionSubject: 'predicted',
  outcome: { name: 'again_3d', subject: 'bought', horizonMs: HORIZON_MS },
  deduplicationWindowMs: DAY_MS,
  onError: 'quarantine',
  maxBatchEvents: 10,
  maxBatchWaitMs: 10,
};

interface Purchase {
  readonly entity: string;
  readonly timeMs: number;
}

/** Label of each purchase by the definition, from the whole history; undefined: not known at the end. */
function naive(purchases: readonly Purchase[], endMs: number): (0 | 1 | undefined)[] {
  return purchases.map((purchase) => {
    const isRepurchase = ({ entity, timeMs }: Purchase): boolean =>
      entity === purchase.entity && timeMs > purchase.timeMs && timeMs - purchase.timeMs <= HORIZON_MS;
    if (purchases.some(isRepurchase)) return 1;
    return purchase.timeMs + HORIZON_MS < endMs ? 0 : undefined;
  });
}

const histories = fc
  .array(
    fc.record({ entity: fc.constantFrom('a', 'b', 'c'), gapMs: fc.constantFrom(0, 1, DAY_MS, HORIZON_MS, HORIZON_MS + 1) }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((steps) => {
    let timeMs = 0;
    return steps.map(({ entity, gapMs }) => ({ entity, timeMs: (timeMs += gapMs) }));
  });

function play(purchases: readonly Purchase[], restartAt: number): { outcomes: OutcomeRecord[]; endMs: number; open: number } {
  let predictions = new OpenPredictions(0, DEFINITION);
  const stored = new Map<string, Uint8Array>();
  const outcomes: OutcomeRecord[] = [];
  let endMs = 0;
  purchases.forEach(({ entity, timeMs }, index) => {
    if (index === restartAt) {
      predictions = new OpenPredictions(0, DEFINITION);
      for (const [key, value] of stored) predictions.restore({ key, value });
    }
    outcomes.push(...predictions.mature(timeMs));
    endMs = timeMs;
    const event = { source: '/shop', id: String(index), timeMs };
    outcomes.push(...predictions.settle(entity, event));
    predictions.open({ predictionId: String(index), offset: index, event, entity, timeMs });
    for (const { key, value } of predictions.takeWrites()) {
      if (value === undefined) stored.delete(key);
      else stored.set(key, value);
    }
  });
  expect(stored.size).toBe(predictions.size);
  return { outcomes, endMs, open: predictions.size };
}

describe('open predictions', () => {
  test('label each prediction once, as the definition says, with restarts anywhere', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 40 }), (purchases, restartAt) => {
        const { outcomes, endMs, open } = play(purchases, restartAt);
        const expected = naive(purchases, endMs);
        const byId = new Map(outcomes.map((outcome) => [Number(outcome.predictionId), outcome.label]));
        expect(byId.size).toBe(outcomes.length);
        expect(purchases.map((_, index) => byId.get(index))).toEqual(expected);
        expect(open).toBe(expected.filter((label) => label === undefined).length);
      }),
    );
  });

  test('give the same outcomes in the same order after a restart', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 40 }), (purchases, restartAt) => {
        expect(play(purchases, restartAt).outcomes).toEqual(play(purchases, -1).outcomes);
      }),
    );
  });

  test('a purchase of the same minute is no repurchase; one at the horizon’s very end is', () => {
    const at = (...times: number[]): (0 | 1 | undefined)[] => {
      const purchases = times.map((timeMs) => ({ entity: 'a', timeMs }));
      const { outcomes } = play(purchases, -1);
      return purchases.map((_, index) => outcomes.find(({ predictionId }) => Number(predictionId) === index)?.label);
    };
    expect(at(0, 0)).toEqual([undefined, undefined]);
    expect(at(0, HORIZON_MS)).toEqual([1, undefined]);
    expect(at(0, HORIZON_MS + 1)).toEqual([0, undefined]);
  });

  test('a negative matures at its horizon’s end and names no event; a positive names the one that settled it', () => {
    const { outcomes } = play(
      [
        { entity: 'a', timeMs: 0 },
        { entity: 'b', timeMs: 10 },
        { entity: 'a', timeMs: 20 },
        { entity: 'c', timeMs: HORIZON_MS + 11 },
      ],
      -1,
    );
    expect(outcomes.map(({ label, maturedAtMs, settledBy }) => ({ label, maturedAtMs, settledBy }))).toEqual([
      { label: 1, maturedAtMs: 20, settledBy: { source: '/shop', id: '2' } },
      { label: 0, maturedAtMs: HORIZON_MS + 10, settledBy: undefined },
    ]);
  });
});
