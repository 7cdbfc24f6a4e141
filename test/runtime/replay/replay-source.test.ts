import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EventLog, HEADERS, ManualClock } from '#core';
import { openEmbeddedLog, ReplaySource } from '#runtime';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordsOf } from '../../support/topic-contents.ts';

const RETAIL = path.join(import.meta.dirname, '../../../examples/retail');
const REPLAY = {
  source: 'history',
  topic: 'events',
  file: 'data/online-retail.parquet',
  module: 'replay.mjs',
  watermarkEvery: '1h',
  attribution: 'test',
};

async function openLog(folder: string): Promise<EventLog> {
  const log = await openEmbeddedLog({ folder: path.join(folder, 'log'), clock: new ManualClock(0) });
  await log.createTopic({ name: 'events', partitions: 2, retention: {} });
  onTestFinished(() => log.close());
  return log;
}

/** A history of these events, whatever the table holds. */
async function moduleOf(folder: string, body: string): Promise<string> {
  const file = path.join(folder, `history-${Math.abs(body.length)}.mjs`);
  await writeFile(file, body);
  return file;
}

const HOUR_MS = 3_600_000;
const GENERATED = `export default function* history() {
  for (let n = 0; n < 3500; n++) {
    yield { key: 'k' + (n % 7), source: '/s', id: String(n), type: 't', timeMs: ${30 * 60_000} + n * 60_000, data: { n } };
  }
}`;

const UNPACED = {
  clock: new ManualClock(0),
  replay: REPLAY,
  partitions: 2,
  room: () => Promise.resolve(),
  wait: () => Promise.reject(new Error('nothing is paced here')),
  isPaced: false,
};

function sourceOf(log: EventLog, module: string, room: (published: number) => Promise<void> = UNPACED.room): ReplaySource {
  return new ReplaySource({ ...UNPACED, log, files: { file: path.join(RETAIL, REPLAY.file), module }, room });
}

describe('the replay source', () => {
  test('publishes in order, with the first event’s time and then each full hour as watermark to every partition', async () => {
    const folder = await temporaryFolder();
    const log = await openLog(folder);
    const source = sourceOf(log, await moduleOf(folder, GENERATED));
    await source.start();
    await source.run(new AbortController().signal);
    const records = await recordsOf(log, 'events');
    for (const partition of [0, 1]) {
      const of = records.filter((record) => record.partition === partition);
      const watermarks = of.flatMap(({ headers }) => headers[HEADERS.watermark] ?? []).map((time) => Date.parse(time));
      const lastMs = 30 * 60_000 + 3499 * 60_000;
      const hours = Array.from({ length: Math.floor(lastMs / HOUR_MS) }, (_, hour) => (hour + 1) * HOUR_MS);
      expect(watermarks).toEqual([30 * 60_000, ...hours, lastMs]);
      let watermark = 0;
      for (const { headers } of of) {
        const time = headers[HEADERS.time];
        if (time === undefined) watermark = Date.parse(headers[HEADERS.watermark] ?? '');
        else expect(Date.parse(time)).toBeGreaterThanOrEqual(watermark);
      }
    }
    expect(source.position).toMatchObject({ published: 3500, isDone: true });
  });

  test('goes on behind the last durable event after any stop: none twice, none left out', async () => {
    const folder = await temporaryFolder();
    const log = await openLog(folder);
    const module = await moduleOf(folder, GENERATED);
    for (let stop = 1; stop <= 3; stop++) {
      const abort = new AbortController();
      const source = sourceOf(log, module, async (published) => {
        if (published >= stop * 1000) abort.abort();
      });
      await source.start();
      await source.run(abort.signal);
    }
    const last = sourceOf(log, module);
    await last.start();
    await last.run(new AbortController().signal);
    const ids = (await recordsOf(log, 'events')).flatMap(({ headers }) => headers[HEADERS.id] ?? []);
    expect(ids.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 3500 }, (_, n) => n));
    await last.run(new AbortController().signal);
    expect(await recordsOf(log, 'events')).toHaveLength(ids.length + 2 * 60);
  });

  test('refuses to go on with a history that is another one by now', async () => {
    const folder = await temporaryFolder();
    const log = await openLog(folder);
    const module = await moduleOf(folder, GENERATED);
    const abort = new AbortController();
    const first = sourceOf(log, module, async (published) => {
      if (published >= 1000) abort.abort();
    });
    await first.start();
    await first.run(abort.signal);
    await writeFile(module, GENERATED.replace('3500', '3600'));
    const second = sourceOf(log, module);
    await second.start();
    await expect(second.run(new AbortController().signal)).rejects.toMatchObject({
      code: 'RUNTIME_HISTORY_CHANGED',
      message: expect.stringMatching(/changed after 1000 of its events were published: put it back/u),
    });
  });

  test.each([
    [
      'yields events out of order',
      `export default () => [{ key: 'k', source: '/s', id: 'a', type: 't', timeMs: 2, data: {} }, { key: 'k', source: '/s', id: 'b', type: 't', timeMs: 1, data: {} }]`,
      /event b \(number 2\).*earlier than the one before it/u,
    ],
    [
      'yields an event without a time',
      `export default () => [{ key: 'k', source: '/s', id: 'a', type: 't', timeMs: NaN, data: {} }]`,
      /event a .* has no time/u,
    ],
    ['has no default export', 'export const history = 1;', /has no default export that is a function/u],
    ['does not parse', 'export default {{', /cannot be loaded/u],
  ])('says what is wrong with a module that %s', async (_case, body, message) => {
    const folder = await temporaryFolder();
    const log = await openLog(folder);
    const source = sourceOf(log, await moduleOf(folder, body));
    await expect(source.run(new AbortController().signal)).rejects.toMatchObject({
      code: 'RUNTIME_HISTORY_UNREADABLE',
      message: expect.stringMatching(message),
    });
  });

  test('says which file cannot be read', async () => {
    const folder = await temporaryFolder();
    const log = await openLog(folder);
    const file = path.join(folder, 'no.parquet');
    await writeFile(file, 'not parquet at all');
    const files = { file, module: path.join(RETAIL, 'replay.mjs') };
    const source = new ReplaySource({ ...UNPACED, log, files });
    await expect(source.run(new AbortController().signal)).rejects.toThrow(
      /no\.parquet cannot be read as Parquet.*put the file in place/u,
    );
  });
});
