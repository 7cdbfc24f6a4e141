import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EventLog, HEADERS, type LogRecord, ManualClock } from '#core';
import { type Incident, openEmbeddedLog, ReplaySource } from '#runtime';
import type { HistoricEvent } from '../../../runtime/replay/history.ts';
import { fingerprintOfIncidents, withIncidents } from '../../../runtime/replay/incidents.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordsOf } from '../../support/topic-contents.ts';

const PENCE: Incident = {
  name: 'pence',
  description: 'test',
  source: '/shop/uk',
  subject: 'priced',
  field: 'price',
  multiply: 100,
  from: '2011-10-01',
  to: '2011-11-01',
};
const FROM_MS = Date.UTC(2011, 9, 1);
const TO_MS = Date.UTC(2011, 10, 1);

const event = (more: Partial<HistoricEvent> = {}): HistoricEvent => ({
  key: 'k',
  source: PENCE.source,
  id: '1',
  type: PENCE.subject,
  timeMs: FROM_MS,
  data: { name: 'mug', price: 2.55, units: 3 },
  ...more,
});
const play = (events: Iterable<HistoricEvent, undefined>, ...incidents: readonly Incident[]): HistoricEvent[] => [
  ...withIncidents(events, incidents),
];

describe('an incident', () => {
  test('multiplies one field, in its order, to the digits that it has', () => {
    const [changed] = play([event()], PENCE);
    expect(JSON.stringify(changed)).toBe(JSON.stringify(event({ data: { name: 'mug', price: 255, units: 3 } })));
  });

  test.each<[string, Partial<HistoricEvent>]>([
    ['another producer', { source: '/shop/france' }],
    ['another subject', { type: 'bought' }],
    ['an event before it', { timeMs: FROM_MS - 1 }],
    ['an event after it', { timeMs: TO_MS }],
    ['no number', { data: { price: '2.55' } }],
    ['no such field', { data: {} }],
  ])('leaves %s alone', (_case, more) => {
    const original = event(more);
    expect(play([original], PENCE)[0]).toBe(original);
  });

  test('holds to the last moment of its last day, and finds a field by its pointer', () => {
    const original = event({ timeMs: TO_MS - 1, data: { a: { 'b/c': 3 }, list: [3] } });
    const deep = { ...PENCE, field: '/a/b~1c' };
    expect(play([original], deep, { ...PENCE, field: '/list/0' })[0]?.data).toEqual({ a: { 'b/c': 300 }, list: [3] });
    expect(original.data).toEqual({ a: { 'b/c': 3 }, list: [3] });
  });

  test('is named by what it does', () => {
    const other = { ...PENCE, multiply: 10 };
    expect(fingerprintOfIncidents([])).toBe('');
    expect(fingerprintOfIncidents([PENCE, other])).toBe(
      fingerprintOfIncidents([other, { ...PENCE, name: 'p', description: 'd' }]),
    );
    expect(fingerprintOfIncidents([PENCE])).not.toBe(fingerprintOfIncidents([other]));
  });
});

const MODULE = `export default function* history() {
  for (let n = 0; n < 1500; n++) {
    const timeMs = ${FROM_MS} - 60_000 * 700 + n * 60_000;
    yield { key: 'k' + (n % 7), source: '${PENCE.source}', id: String(n), type: 'priced', timeMs, data: { price: n } };
  }
}`;

interface Stage {
  readonly log: EventLog;
  /** Publishes up to so many events, or all. */
  publish(incidents: readonly Incident[], upTo?: number): Promise<void>;
}

async function setUp(): Promise<Stage> {
  const folder = await temporaryFolder();
  const log = await openEmbeddedLog({ folder: path.join(folder, 'log'), clock: new ManualClock(0) });
  onTestFinished(() => log.close());
  await log.createTopic({ name: 'events', partitions: 2, retention: {} });
  const module = path.join(folder, 'history.mjs');
  await writeFile(module, MODULE);
  const file = path.join(import.meta.dirname, '../../../examples/retail/data/online-retail.parquet');
  const publish: Stage['publish'] = async (incidents, upTo = Number.POSITIVE_INFINITY) => {
    const abort = new AbortController();
    const source = new ReplaySource({
      log,
      clock: new ManualClock(0),
      replay: { source: 'history', topic: 'events', file, module, watermarkEvery: '1h', attribution: 'test' },
      partitions: 2,
      files: { file, module },
      room: async (published) => {
        if (published >= upTo) abort.abort();
      },
      wait: () => Promise.reject(new Error('nothing is paced here')),
      isPaced: false,
      incidents,
    });
    await source.start();
    await source.run(abort.signal);
  };
  return { log, publish };
}

async function eventsOf(log: EventLog): Promise<ReadonlyMap<string, LogRecord>> {
  const records = (await recordsOf(log, 'events')).filter(({ headers }) => headers[HEADERS.id] !== undefined);
  return new Map(records.map((record) => [record.headers[HEADERS.id] ?? '', record]));
}

describe('a replay with an incident', () => {
  test('shows it in the values alone, and goes on with it where it stopped', async () => {
    const [plain, hit] = [await setUp(), await setUp()];
    await plain.publish([]);
    await hit.publish([PENCE], 1000);
    await hit.publish([PENCE]);
    const [before, after] = [await eventsOf(plain.log), await eventsOf(hit.log)];
    expect(after.size).toBe(1500);
    for (const [id, { headers, value }] of after) {
      const isIn = Number(id) >= 700;
      expect(JSON.parse(new TextDecoder().decode(value))).toEqual({ price: Number(id) * (isIn ? 100 : 1) });
      expect(headers).toEqual(before.get(id)?.headers);
    }
  });

  test.each<[string, readonly Incident[], readonly Incident[], number | undefined, RegExp]>([
    ['none', [], [PENCE], 1000, /^1000 events of history were published with no incident, and one is asked for now: start with/u],
    ['another', [PENCE], [{ ...PENCE, multiply: 10 }], 1000, /with other incidents than are asked for now/u],
    ['one, to its end', [PENCE], [], undefined, /^1500 events .*with other incidents than/u],
  ])('is refused in a folder that was filled with %s', async (_case, first, then, upTo, message) => {
    const { publish } = await setUp();
    await publish(first, upTo);
    await expect(publish(then)).rejects.toMatchObject({
      code: 'RUNTIME_HISTORY_CHANGED',
      message: expect.stringMatching(message),
    });
  });
});
