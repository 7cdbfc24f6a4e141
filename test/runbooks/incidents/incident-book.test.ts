import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTROL_TYPES, type EventLog, HEADERS, type IncidentFact, ManualClock, TOPICS } from '#core';
import { IncidentBook } from '../../../runbooks/incidents/incident-book.ts';
import { recordsOf } from '../../support/topic-contents.ts';
import { alertOf, FINGERPRINT, FOUND, openBook, START_MS, stepsOf } from './incident-fixture.ts';

async function factsOf(log: EventLog): Promise<readonly (readonly [type: string, actor: string, summary: string])[]> {
  const records = await recordsOf(log, TOPICS.control);
  return records.map(({ headers, value }) => {
    const { actor, summary } = JSON.parse(new TextDecoder().decode(value)) as IncidentFact;
    return [headers[HEADERS.type] ?? '', actor, summary] as const;
  });
}

describe('IncidentBook', () => {
  test('keeps an incident over restarts between any two steps, each with its fact', async () => {
    let opened = await openBook();
    await opened.book.take([alertOf()]);
    await opened.book.settled();
    opened = await opened.reopen();
    await opened.book.take([alertOf()]);
    await opened.book.acknowledge({ fingerprint: FINGERPRINT }, { actor: 'ada', note: 'on it' });
    opened = await opened.reopen();
    await opened.book.declareCause({ fingerprint: FINGERPRINT }, { actor: 'ada', cause: 'A bad price', hypothesis: 1 });
    opened = await opened.reopen();
    await opened.book.resolve({ fingerprint: FINGERPRINT }, { actor: 'ada' });
    opened = await opened.reopen();
    await opened.book.take([alertOf({ status: 'resolved', endsAtMs: START_MS + 600_000 })]);
    opened = await opened.reopen();
    const [incident, ...others] = opened.book.list();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      state: 'resolved',
      acknowledgedBy: 'ada',
      declaredCause: { cause: 'A bad price', actor: 'ada' },
      endsAtMs: START_MS + 600_000,
      investigation: FOUND,
    });
    expect(incident?.audit.map(({ kind, text }) => [kind, text])).toEqual([
      ['opened', 'One record holds it up.'],
      ['diagnosed', 'One record always fails. (1 s after the alert began)'],
      ['acknowledged', 'ada looks into it. on it.'],
      ['cause_declared', 'A bad price. It was hypothesis 1: One record always fails.'],
      ['resolved', 'Resolved by ada, while its alert still fires.'],
      ['alert_resolved', 'The alert was resolved; it fired for 10 min.'],
    ]);
    expect(await factsOf(opened.log)).toEqual([
      [CONTROL_TYPES.incidentOpened, 'throughline', 'One record holds it up.'],
      [CONTROL_TYPES.incidentAcknowledged, 'ada', 'EventStuck: ada looks into it. on it.'],
      [CONTROL_TYPES.incidentCauseDeclared, 'ada', expect.stringContaining('A bad price')],
      [CONTROL_TYPES.incidentResolved, 'ada', 'EventStuck: Resolved by ada, while its alert still fires.'],
    ]);
  });

  test.each([
    ['page', 'page'],
    ['critical', 'page'],
    ['ticket', 'ticket'],
    ['warning', 'ticket'],
    ['none', undefined],
    ['info', undefined],
  ])('an alert of severity %s opens a %s', async (severity, expected) => {
    const { book } = await openBook();
    await book.take([alertOf({ severity })]);
    expect(book.list().map((incident) => incident.severity)).toEqual(expected === undefined ? [] : [expected]);
  });

  test('joins our own alert that comes back through an Alertmanager, whatever start it gives it', async () => {
    const { book, log } = await openBook();
    await book.take([alertOf()]);
    await book.take([alertOf({ origin: 'alertmanager' }), alertOf({ origin: 'grafana', startsAtMs: START_MS + 5000 })]);
    expect(book.list()).toHaveLength(1);
    // It may lose sight of what still fires here.
    await book.take([alertOf({ origin: 'alertmanager', status: 'resolved', endsAtMs: START_MS + 9000 })]);
    expect(book.list()[0]?.endsAtMs).toBeNull();
    await book.take([alertOf({ status: 'resolved', endsAtMs: START_MS + 9000 })]);
    expect(book.list()[0]?.endsAtMs).toBe(START_MS + 9000);
    expect(await factsOf(log)).toHaveLength(1);
  });

  test('opens another one when the alert fires anew, and ends the one that nobody ended', async () => {
    const { book } = await openBook();
    await book.take([alertOf()]);
    await book.take([alertOf({ startsAtMs: START_MS + 500 })]);
    expect(book.list().map(({ startsAtMs, endsAtMs }) => [startsAtMs - START_MS, endsAtMs])).toEqual([
      [500, null],
      [0, START_MS + 500],
    ]);
    expect(book.find({ fingerprint: FINGERPRINT })?.startsAtMs).toBe(START_MS + 500);
    expect(book.find({ fingerprint: FINGERPRINT, startsAtMs: START_MS })?.startsAtMs).toBe(START_MS);
  });

  test('refuses what cannot be, with a sentence that says what there is', async () => {
    const { book, log } = await openBook();
    const name = { fingerprint: FINGERPRINT };
    const unknown = { code: 'RUNBOOK_INCIDENT_UNKNOWN' };
    await expect(book.resolve(name, { actor: 'ada' })).rejects.toMatchObject({
      ...unknown,
      message: `there is no incident ${FINGERPRINT}: none is open`,
    });
    await book.take([alertOf()]);
    await expect(book.acknowledge({ fingerprint: '00000000000000ab' }, { actor: 'ada' })).rejects.toMatchObject({
      ...unknown,
      message: `there is no incident 00000000000000ab: open are ${FINGERPRINT} (EventStuck)`,
    });
    await expect(book.acknowledge({ ...name, startsAtMs: 5 }, { actor: 'ada' })).rejects.toMatchObject(unknown);
    await book.settled();
    await expect(book.declareCause(name, { actor: 'ada', cause: 'c', hypothesis: 2 })).rejects.toMatchObject({
      code: 'RUNBOOK_HYPOTHESIS_UNKNOWN',
      message: 'EventStuck has no hypothesis of rank 2: it has 1',
    });
    await book.resolve(name, { actor: 'ada' });
    await expect(book.resolve(name, { actor: 'bob' })).rejects.toMatchObject({
      code: 'RUNBOOK_INCIDENT_RESOLVED',
      message: expect.stringMatching(/was resolved by ada at 2026-01-01T00:00:01.000Z: it cannot be resolved again/u),
    });
    await expect(book.acknowledge(name, { actor: 'bob' })).rejects.toMatchObject({ code: 'RUNBOOK_INCIDENT_RESOLVED' });
    // What it was is often known later.
    await book.declareCause(name, { actor: 'bob', cause: 'c' });
    expect(await factsOf(log)).toHaveLength(3);
  });

  test('tells two declarations of one moment apart', async () => {
    const { book, log } = await openBook();
    await book.take([alertOf()]);
    const name = { fingerprint: FINGERPRINT };
    await Promise.all(['first', 'second'].map((cause) => book.declareCause(name, { actor: 'ada', cause })));
    const records = await recordsOf(log, TOPICS.control);
    expect(new Set(records.map(({ headers }) => headers[HEADERS.id])).size).toBe(3);
    expect(book.list()[0]?.declaredCause?.cause).toBe('second');
  });

  test('leaves everything as it was where the log does not take a step', async () => {
    const { book, log } = await openBook();
    await book.take([alertOf()]);
    await book.settled();
    const broken = { readState: log.readState.bind(log), commit: async () => Promise.reject(new RangeError('the disk is full')) };
    const away = new IncidentBook({ log: broken, clock: new ManualClock(START_MS), investigate: async () => FOUND });
    await away.start();
    const before = away.list();
    await expect(away.acknowledge({ fingerprint: FINGERPRINT }, { actor: 'ada' })).rejects.toThrow('the disk is full');
    await expect(away.take([alertOf({ fingerprint: '00000000000000bb' })])).rejects.toThrow('the disk is full');
    expect(away.list()).toEqual(before);
    await away.stop();
  });

  test('keeps the newest thousand', async () => {
    const opened = await openBook(undefined, { investigate: () => new Promise(() => undefined) });
    const alerts = Array.from({ length: 1003 }, (_, index) =>
      alertOf({ fingerprint: index.toString(16).padStart(16, '0'), startsAtMs: START_MS + index }),
    );
    await opened.book.take(alerts.slice(0, 600));
    await opened.book.take(alerts.slice(600));
    const starts = (book: IncidentBook): readonly number[] => book.list().map(({ startsAtMs }) => startsAtMs - START_MS);
    expect([starts(opened.book).length, starts(opened.book).at(-1)]).toEqual([1000, 3]);
    expect(starts((await opened.reopen()).book)).toHaveLength(1000);
  });

  test('any order of alerts, steps and restarts keeps one incident for each fingerprint and start', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('take' as const),
        status: fc.constantFrom('firing' as const, 'resolved' as const),
        origin: fc.constantFrom('throughline' as const, 'alertmanager' as const, 'grafana' as const),
        number: fc.integer({ min: 0, max: 2 }),
        start: fc.integer({ min: 0, max: 2 }),
      }),
      fc.record({
        kind: fc.constantFrom('acknowledge' as const, 'declareCause' as const, 'resolve' as const),
        number: fc.integer({ min: 0, max: 2 }),
      }),
      fc.constant({ kind: 'reopen' as const }),
    );
    const fingerprintOf = (number: number): string => `00000000000000c${number}`;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        let opened = await openBook();
        for (const one of steps) {
          if (one.kind === 'reopen') opened = await opened.reopen();
          else if (one.kind === 'take') {
            const startsAtMs = START_MS + one.start * 100;
            const endsAtMs = one.status === 'resolved' ? startsAtMs + 50 : null;
            const fingerprint = fingerprintOf(one.number);
            await opened.book.take([alertOf({ fingerprint, startsAtMs, endsAtMs, status: one.status, origin: one.origin })]);
          } else {
            const name = { fingerprint: fingerprintOf(one.number) };
            await opened.book[one.kind](name, { actor: 'ada', cause: 'c' }).catch((error: unknown) => {
              expect(error).toMatchObject({ code: expect.stringMatching(/^RUNBOOK_INCIDENT_(?:UNKNOWN|RESOLVED)$/u) });
            });
          }
        }
        await opened.book.settled();
        const incidents = opened.book.list();
        const names = incidents.map(({ fingerprint, startsAtMs }) => `${fingerprint}/${startsAtMs}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { fingerprint } of incidents)
          expect(incidents.filter((other) => other.fingerprint === fingerprint && other.endsAtMs === null).length).toBeLessThan(
            2,
          );
        const opening = (await factsOf(opened.log)).filter(([type]) => type === CONTROL_TYPES.incidentOpened);
        expect(opening).toHaveLength(incidents.length);
        expect(incidents.every((incident) => incident.investigation !== null && stepsOf(incident)[0] === 'opened')).toBe(true);
        expect((await opened.reopen()).book.list()).toEqual(incidents);
      }),
      { numRuns: 12 },
    );
  });
});
