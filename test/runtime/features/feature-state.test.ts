import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FeatureState } from '../../../runtime/features/feature-state.ts';
import { parseFeatureView } from '../../../runtime/features/view.ts';

const DAY_MS = 86_400_000;

const VIEW = parseFeatureView({
  view: 'buys',
  version: 1,
  owner: 'team',
  description: 'all aggregates over short windows',
  subject: 'bought',
  entity: 'customer',
  granularity: '1d',
  ownEvent: 'included',
  staleAfter: '2d',
  features: [
    { name: 'count_2d', aggregate: 'count', window: '2d' },
    { name: 'count_5d', aggregate: 'count', window: '5d' },
    { name: 'sum_5d', aggregate: 'sum', of: 'amount', window: '5d' },
    { name: 'mean_2d', aggregate: 'mean', of: 'amount', window: '2d' },
    { name: 'min_5d', aggregate: 'min', of: 'amount', window: '5d' },
    { name: 'max_2d', aggregate: 'max', of: 'units', window: '2d' },
    { name: 'last_5d', aggregate: 'last', of: 'units', window: '5d' },
    { name: 'since_5d', aggregate: 'days_since', window: '5d' },
  ],
});

interface Bought {
  readonly entity: string;
  readonly timeMs: number;
  readonly data: { readonly amount: number; readonly units: number };
}

/** The definition, computed from the whole history with nothing remembered. */
function naive(history: readonly Bought[], entity: string, timeMs: number): (number | null)[] {
  const day = Math.floor(timeMs / DAY_MS);
  const within = (days: number): Bought[] =>
    history.filter((event) => {
      const pane = Math.floor(event.timeMs / DAY_MS);
      return event.entity === entity && pane <= day && pane > day - days;
    });
  const isKnown = within(5).length > 0;
  const amounts = (days: number): number[] => within(days).map(({ data }) => data.amount);
  const orNull = (days: number, value: () => number): number | null => (within(days).length > 0 ? value() : null);
  const newest = within(5).at(-1);
  return [
    isKnown ? within(2).length : null,
    isKnown ? within(5).length : null,
    isKnown ? amounts(5).reduce((sum, amount) => sum + amount, 0) : null,
    orNull(2, () => amounts(2).reduce((sum, amount) => sum + amount, 0) / amounts(2).length),
    orNull(5, () => Math.min(...amounts(5))),
    orNull(2, () => Math.max(...within(2).map(({ data }) => data.units))),
    newest === undefined ? null : newest.data.units,
    newest === undefined ? null : (timeMs - newest.timeMs) / DAY_MS,
  ];
}

const gaps = fc.array(
  fc.record({
    entity: fc.constantFrom('a', 'b'),
    gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 * DAY_MS })),
    amount: fc.integer({ min: -5, max: 50 }),
    units: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 60 },
);

function eventsOf(steps: readonly { entity: string; gapMs: number; amount: number; units: number }[]): Bought[] {
  let timeMs = Date.UTC(2011, 0, 1);
  return steps.map(({ entity, gapMs, amount, units }) => {
    timeMs += gapMs;
    return { entity, timeMs, data: { amount, units } };
  });
}

describe('feature state', () => {
  test('serves what the definition says, for any history in order', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 6 * DAY_MS }), (steps, laterMs) => {
        const state = new FeatureState(0, [VIEW]);
        const events = eventsOf(steps);
        events.forEach((event, index) => {
          state.apply({ subject: 'bought', ...event }, 'included');
          const row = state.read(event.entity, event.timeMs);
          const expected = naive(events.slice(0, index + 1), event.entity, event.timeMs);
          row.values.forEach((value, column) => {
            if (expected[column] === null) expect(value).toBeNull();
            else expect(value).toBeCloseTo(expected[column] ?? Number.NaN, 9);
          });
        });
        const afterMs = (events.at(-1)?.timeMs ?? 0) + laterMs;
        expect(state.read('a', afterMs).values.map((value) => value === null)).toEqual(
          naive(events, 'a', afterMs).map((value) => value === null),
        );
      }),
    );
  });

  test('restored from its writes at any point, goes on to serve bit for bit the same', () => {
    fc.assert(
      fc.property(gaps, fc.nat(), (steps, cut) => {
        const events = eventsOf(steps);
        const at = cut % (events.length + 1);
        const straight = new FeatureState(0, [VIEW]);
        const before = new FeatureState(0, [VIEW]);
        for (const event of events) straight.apply({ subject: 'bought', ...event }, 'included');
        for (const event of events.slice(0, at)) before.apply({ subject: 'bought', ...event }, 'included');
        const after = new FeatureState(0, [VIEW]);
        for (const { key, value } of before.takeWrites()) if (value !== undefined) after.restore({ key, value });
        for (const event of events.slice(at)) after.apply({ subject: 'bought', ...event }, 'included');
        const endMs = events.at(-1)?.timeMs ?? 0;
        for (const entity of ['a', 'b']) expect(after.read(entity, endMs)).toEqual(straight.read(entity, endMs));
      }),
    );
  });

  test('evicts only entities whose answers are unchanged by it', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 9 * DAY_MS }), (steps, laterMs) => {
        const kept = new FeatureState(0, [VIEW]);
        const evicted = new FeatureState(0, [VIEW]);
        const events = eventsOf(steps);
        for (const event of events) for (const state of [kept, evicted]) state.apply({ subject: 'bought', ...event }, 'included');
        const nowMs = (events.at(-1)?.timeMs ?? 0) + laterMs;
        evicted.evict(nowMs);
        for (const entity of ['a', 'b']) expect(evicted.read(entity, nowMs)).toEqual(kept.read(entity, nowMs));
      }),
    );
  });

  test('marks values by age: present, stale after the view’s bound, not found', () => {
    const state = new FeatureState(0, [VIEW]);
    const timeMs = Date.UTC(2011, 0, 1);
    expect(state.read('a', timeMs).statuses.every((status) => status === 'not_found')).toBe(true);
    state.apply({ subject: 'bought', entity: 'a', timeMs, data: { amount: 1, units: 1 } }, 'included');
    expect(new Set(state.read('a', timeMs + 2 * DAY_MS).statuses)).toEqual(new Set(['present', 'not_found']));
    const later = state.read('a', timeMs + 3 * DAY_MS);
    expect(later.statuses[1]).toBe('stale');
    expect(later.eventTimesMs[1]).toBe(timeMs);
  });

  test('takes an event only into views of its subject and of the asked kind', () => {
    const state = new FeatureState(0, [VIEW]);
    const timeMs = Date.UTC(2011, 0, 1);
    state.apply({ subject: 'sold', entity: 'a', timeMs, data: { amount: 1 } }, 'included');
    state.apply({ subject: 'bought', entity: 'a', timeMs, data: { amount: 1 } }, 'excluded');
    expect(state.takeWrites()).toEqual([]);
    expect(state.viewsOf('bought')).toEqual(['buys']);
    expect(state.viewsOf('sold')).toEqual([]);
  });
});
