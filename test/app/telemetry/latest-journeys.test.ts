import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { type CompletedBatch, type CompletedEvent, JourneySummary, ManualClock, traceIdOf } from '#core';
import { LatestJourneys } from '../../../app/telemetry/latest-journeys.ts';
import { batchRecord } from '../../collector/journeys/journey-records.ts';

const TIME_MS = Date.UTC(2026, 0, 1);
const POLLED_MS = batchRecord({ batch: '1', waitsMs: [], publishUs: 0 }).polledMs;

function eventOf(id: string, more: Partial<CompletedEvent> = {}): CompletedEvent {
  return {
    event: { source: '/shop', id, type: 'bought', timeMs: TIME_MS },
    position: { topic: 'shop.events', partition: 0, offset: 1 },
    appendedMs: POLLED_MS - 10,
    fate: 'scored',
    replay: false,
    backlog: false,
    predictionId: 'p',
    model: { name: 'again', version: 2, role: 'live' },
    score: 0.5,
    decision: 'none',
    ...more,
  };
}

function batchOf(events: readonly CompletedEvent[]): CompletedBatch {
  const batch = batchRecord({ batch: '1', waitsMs: [], publishUs: 3000 });
  return { batch, topic: 'shop.events', predictionTopic: 'p', events };
}

const observe = (clock = new ManualClock()): LatestJourneys => new LatestJourneys({ clock, breachUs: () => 12_000 });
const idsOf = (latest: LatestJourneys): readonly string[] => latest.list().map(({ event }) => event.id);

describe('the latest journeys', () => {
  test('are the newest decisions and quarantined events, newest first', () => {
    const clock = new ManualClock();
    const latest = observe(clock);
    latest.completed(batchOf([eventOf('1'), eventOf('2', { fate: 'used_by_features' }), eventOf('3', { fate: 'quarantined' })]));
    clock.advance(1000);
    latest.completed(batchOf(Array.from({ length: 11 }, (_, index) => eventOf(`n${index}`, { fate: 'collecting' }))));
    expect(idsOf(latest)).toEqual([...Array.from({ length: 11 }, (_, index) => `n${10 - index}`), '3']);
  });

  test('say what a search says, as far as it is known so early', () => {
    const latest = observe();
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    latest.completed(
      batchOf([
        eventOf('backlog', { backlog: true, traceparent }),
        eventOf('breach'),
        eventOf('bad', {
          fate: 'quarantined',
          reason: 'contract: x',
          predictionId: undefined,
          model: undefined,
        } as unknown as CompletedEvent),
      ]),
    );
    expect(latest.list().filter((summary) => !Value.Check(JourneySummary, summary))).toEqual([]);
    expect(latest.list()).toMatchObject([
      { fate: 'quarantined', reason: 'contract: x', endToEndUs: null, isBreach: false, model: null },
      { fate: 'scored', endToEndUs: 13_000, isBreach: true, traceId: traceIdOf({ source: '/shop', id: 'breach' }) },
      { fate: 'scored', endToEndUs: 13_000, isBreach: false, traceId: 'ab'.repeat(16) },
    ]);
  });

  test('of a backlog are some, of live traffic all', () => {
    const clock = new ManualClock();
    const latest = observe(clock);
    const play = (id: string, backlog: boolean): void => {
      const event = eventOf(id, { backlog });
      latest.completed(batchOf(latest.wants(event) ? [event] : []));
      clock.advance(1);
    };
    for (let batch = 0; batch < 1000; batch++) play(String(batch), true);
    expect(idsOf(latest)).toHaveLength(5);
    for (let batch = 0; batch < 12; batch++) play(`live${batch}`, false);
    expect(idsOf(latest)).toEqual(Array.from({ length: 12 }, (_, index) => `live${11 - index}`));
  });
});
