import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompletedEvent, FATES, traceIdOf } from '#core';
import { isSampledByRatio } from '../../../collector/otel/ratio.ts';
import { type KeptBecause, TraceSelection } from '../../../collector/otel/trace-selection.ts';
import {
  APPENDED_MS,
  batchRecord,
  completedEvent,
  numbered,
  POLLED_MS,
  quarantinedEvent,
  scoredEvent,
} from './completed-journeys.ts';

const BATCH = batchRecord();
const COLLECTING = completedEvent({ fate: 'collecting' });

/** A selection that keeps nothing by ratio, so that only striking events are kept. */
function strikingOnly(maxPerMinute = {}): TraceSelection {
  return new TraceSelection({ ratio: 0, budgetP99Ms: 50, maxPerMinute });
}

/** The same event, with a role that the port does not know yet. */
function asCanary(event: CompletedEvent): CompletedEvent {
  return JSON.parse(JSON.stringify(event).replace('"live"', '"canary"')) as CompletedEvent;
}

describe('TraceSelection', () => {
  it.each<readonly [string, CompletedEvent, KeptBecause | undefined]>([
    ['a stage that threw', quarantinedEvent({ reason: 'exception: features' }), 'error'],
    ['a model that failed', quarantinedEvent({ reason: 'model: score is not a number' }), 'error'],
    ['a quarantined event', quarantinedEvent(), 'quarantined'],
    ['a decision 0.25 ms over its budget', scoredEvent(), 'breach'],
    ['such a decision while collecting', COLLECTING, 'breach'],
    ['a decision just within its budget', scoredEvent({ appendedMs: APPENDED_MS + 1 }), undefined],
    ['a decision of a backlog', scoredEvent({ backlog: true }), undefined],
    ['a decision with skewed clocks', scoredEvent({ appendedMs: POLLED_MS + 60_000 }), undefined],
    ['a slow event that is no decision', completedEvent({ appendedMs: 0 }), undefined],
    ['a slow canary', asCanary(scoredEvent()), 'breach'],
    ['a canary', asCanary(scoredEvent({ backlog: true })), 'canary'],
    ['a second delivery', completedEvent({ fate: 'duplicate', reason: 'exception: features' }), undefined],
  ])('judges %s', (_case, event, because) => {
    expect(strikingOnly().keptBecause(event, BATCH)).toBe(because);
  });

  it('knows no breach without a budget', () => {
    expect(new TraceSelection({ ratio: 0 }).keptBecause(scoredEvent({ appendedMs: 0 }), BATCH)).toBeUndefined();
  });

  it('keeps every fate but a second delivery at a ratio of 1, also of a backlog', () => {
    const selection = new TraceSelection({ ratio: 1 });
    const kept = Object.fromEntries(
      FATES.map((fate) => [fate, selection.keptBecause(completedEvent({ fate, backlog: true }), BATCH)]),
    );
    const all = Object.fromEntries(FATES.map((fate) => [fate, 'ratio']));
    expect(kept).toEqual({ ...all, quarantined: 'quarantined', duplicate: undefined });
  });

  it('decides scored events by their trace id', () => {
    const selection = new TraceSelection({ ratio: 0.1 });
    for (let index = 0; index < 1000; index += 1) {
      const event = scoredEvent(numbered(index));
      expect(selection.keptBecause(event, BATCH) === 'ratio').toBe(isSampledByRatio(traceIdOf(event.event), 0.1));
    }
  });

  it('decides events that brought a trace by that one, whatever their fate', () => {
    const selection = new TraceSelection({ ratio: 0.5 });
    const low = `00-${'a'.repeat(18)}10000000000000-${'b'.repeat(16)}-01`;
    const high = `00-${'a'.repeat(18)}f0000000000000-${'b'.repeat(16)}-01`;
    for (const event of [completedEvent(), scoredEvent()]) {
      expect(selection.keptBecause({ ...event, traceparent: low }, BATCH)).toBeUndefined();
      expect(selection.keptBecause({ ...event, traceparent: high }, BATCH)).toBe('ratio');
    }
  });

  it('keeps about one in a hundred of what is not scored, by default', () => {
    const selection = new TraceSelection();
    const events = Array.from({ length: 50_000 }, (_, index) => completedEvent({ ...numbered(index), fate: 'used_by_features' }));
    const kept = events.filter((event) => selection.keptBecause(event, BATCH) === 'ratio').length;
    expect(kept).toBeGreaterThan(380);
    expect(kept).toBeLessThan(620);
  });

  describe('caps', () => {
    const MINUTE_MS = 60_000;
    const start = Math.ceil(BATCH.publishedMs / MINUTE_MS) * MINUTE_MS;

    it.each([
      ['error', quarantinedEvent({ reason: 'model: not a number' })],
      ['quarantined', quarantinedEvent()],
      ['breach', scoredEvent()],
    ] as const)('%s to so many a minute of the batches, and count what they refuse', (reason, event) => {
      const selection = strikingOnly({ [reason]: 2 });
      const keptAt = (publishedMs: number): number => {
        selection.enterMinuteOf(publishedMs);
        return [1, 2, 3].filter(() => selection.keptBecause(event, BATCH) === reason).length;
      };
      expect(keptAt(start)).toBe(2);
      expect(keptAt(start + MINUTE_MS - 1)).toBe(0);
      expect(keptAt(start + MINUTE_MS)).toBe(2);
      expect(keptAt(start + MINUTE_MS - 1), 'a batch that is late by a minute opens no new one').toBe(0);
      expect(keptAt(start - 5 * MINUTE_MS), 'a clock that was put back does not close the cap for ever').toBe(2);
      expect(selection.refused).toEqual({ error: 0, quarantined: 0, breach: 0, [reason]: 1 + 3 + 1 + 3 + 1 });
    });

    it('leave what they refuse its chance by ratio', () => {
      const selection = new TraceSelection({ ratio: 1, maxPerMinute: { quarantined: 0 } });
      expect(selection.keptBecause(quarantinedEvent(), BATCH)).toBe('ratio');
    });
  });
});

describe('what may be kept', () => {
  it('holds all that is kept in the end, whatever the publish time turns out to be', () => {
    const events = fc.record({
      fate: fc.constantFrom(...FATES),
      backlog: fc.boolean(),
      reason: fc.constantFrom(undefined, 'contract: x', 'exception: decide', 'model: gone'),
      appendedMs: fc.integer({ min: APPENDED_MS - 100, max: POLLED_MS + 100 }),
      traceparent: fc.constantFrom(undefined, `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`, 'none'),
      id: fc.string({ minLength: 1 }),
    });
    fc.assert(
      fc.property(
        events,
        fc.integer({ min: 0, max: 200_000 }),
        fc.constantFrom(0, 0.1, 1),
        ({ id, ...more }, publishUs, ratio) => {
          const event = completedEvent({ ...more, event: { ...completedEvent({}).event, id } });
          const selection = new TraceSelection({ ratio, budgetP99Ms: 50 });
          const kept = selection.keptBecause(event, { ...BATCH, publish: [0, publishUs] });
          expect(kept === undefined || selection.mayKeep(event)).toBe(true);
        },
      ),
    );
  });
});
