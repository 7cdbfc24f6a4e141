import { describe, expect, test } from 'vitest';
import type { FiredAlert } from '#core';
import type { IncidentDocument, Investigation } from '../../../runbooks/incidents/incident.ts';
import { alertOf, FOUND, openBook, START_MS, stepsOf } from './incident-fixture.ts';

describe('the investigation of incidents', () => {
  const named = (fingerprint: string, severity: string, startsAtMs: number): FiredAlert =>
    alertOf({ fingerprint: fingerprint.padStart(16, '0'), severity, startsAtMs });

  test('is one at a time, pages first, the newest before all', async () => {
    const order: string[] = [];
    let running = 0;
    const { book } = await openBook(undefined, {
      investigate: async ({ fingerprint }) => {
        running += 1;
        expect(running).toBe(1);
        order.push(fingerprint.at(-1) ?? '');
        await Promise.resolve();
        running -= 1;
        return FOUND;
      },
    });
    await book.take([
      named('1', 'ticket', START_MS + 9),
      named('2', 'page', START_MS),
      named('3', 'ticket', START_MS + 1),
      named('4', 'page', START_MS + 5),
    ]);
    await book.settled();
    expect(order).toEqual(['4', '2', '1', '3']);
  });

  test('says why it could not be made, is tried again, and goes on with the others', async () => {
    let tries = 0;
    const investigate = async ({ fingerprint }: IncidentDocument): Promise<Investigation> => {
      if (!fingerprint.endsWith('1')) return FOUND;
      tries += 1;
      if (tries < 3) throw new RangeError('the telemetry store is not there');
      return FOUND;
    };
    const { book } = await openBook(undefined, { investigate, retryMs: 20 });
    await book.take([named('1', 'page', START_MS), named('2', 'ticket', START_MS)]);
    await book.settled();
    expect(book.list().map(({ problem, investigation }) => [problem, investigation !== null])).toEqual([
      ['the telemetry store is not there', false],
      ['', true],
    ]);
    await expect.poll(() => book.list()[0]?.investigation ?? null, { interval: 5 }).not.toBeNull();
    expect(book.list()[0]).toMatchObject({ problem: '' });
    expect(tries).toBe(3);
    expect(stepsOf(book.list()[0])).toEqual(['opened', 'diagnosed']);
  });

  test('is called off at its time limit, and at the end of the process; then the next start makes it', async () => {
    let isLate: boolean | undefined;
    const opened = await openBook(undefined, {
      investigationMs: 20,
      investigate: (_incident, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            isLate = true;
          });
        }),
    });
    await opened.book.take([alertOf()]);
    await opened.book.settled();
    expect([isLate, opened.book.list()[0]?.problem]).toEqual([
      true,
      'the investigation did not end in its time; it is tried again',
    ]);
    const hanging = await opened.reopen({ investigate: () => new Promise(() => undefined) });
    const again = await hanging.reopen({ investigate: async () => FOUND });
    await again.book.settled();
    expect(again.book.list()[0]).toMatchObject({ problem: '', investigation: { impact: FOUND.impact } });
  });
});
