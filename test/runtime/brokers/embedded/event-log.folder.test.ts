import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { openEmbeddedLog } from '../../../../runtime/brokers/index.ts';
import { textRecord } from '../../../contract/log-fixture.ts';
import { createTemporaryFolder } from './log-folder.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = createTemporaryFolder();
  file = join(folder, 'log.mdb');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (path = folder) => openEmbeddedLog({ folder: path, clock: systemClock });

async function fillLog(): Promise<void> {
  const log = await open();
  await log.createTopic({ name: 't', partitions: 1, retention: {} });
  for (let index = 0; index < 20; index++) await log.commit({ records: [textRecord('t', `${index}`.repeat(3000))] });
  await log.close();
}

describe('a folder that cannot be used', () => {
  it('makes folders that are missing', async () => {
    const log = await open(join(folder, 'a', 'b.c'));
    await log.close();
  });

  it('says so of a path that is a file, or lies under one', async () => {
    writeFileSync(join(folder, 'plain'), '');
    for (const path of [join(folder, 'plain'), join(folder, 'plain', 'under')]) {
      await expect(open(path)).rejects.toMatchObject({ code: 'BROKER_FOLDER_UNUSABLE', message: expect.stringContaining(path) });
    }
  });

  it.runIf(process.platform === 'linux')('says so of a place that takes no files', async () => {
    for (const path of ['/proc/throughline', '/sys/kernel']) {
      await expect(open(path)).rejects.toMatchObject({
        code: 'BROKER_FOLDER_UNUSABLE',
        message: expect.stringContaining('must be a folder'),
      });
    }
  });
});

describe('a data file that is not a log', () => {
  const damages: readonly (readonly [string, () => void])[] = [
    ['text', () => writeFileSync(file, 'hello '.repeat(4000))],
    ['a few bytes', () => writeFileSync(file, 'x')],
    ['a log without its first header', () => writeFileSync(file, readFileSync(file).fill(0, 0, 4096))],
    ['a log without its second header', () => writeFileSync(file, readFileSync(file).fill(0, 4096, 8192))],
    ['a log cut short', () => truncateSync(file, 12_288)],
    ['a log cut within its headers', () => truncateSync(file, 5000)],
  ];
  for (const [what, damage] of damages) {
    it(`is refused with a sentence, not a crash: ${what}`, async () => {
      await fillLog();
      damage();
      await expect(open()).rejects.toMatchObject({
        code: 'BROKER_FOLDER_CORRUPT',
        message: expect.stringContaining('Restore the folder'),
      });
      rmSync(file);
      await (await open()).close();
    });
  }

  it('is a new log when it is empty', async () => {
    writeFileSync(file, '');
    await (await open()).close();
  });
});

describe('another format', () => {
  async function writeMeta(format: string | undefined): Promise<void> {
    const root = openLmdb<Uint8Array, Uint8Array>({
      path: file,
      noSubdir: true,
      overlappingSync: false,
      keyEncoding: 'binary',
      encoding: 'binary',
    });
    const meta = root.openDB<Uint8Array, Uint8Array>('meta', { keyEncoding: 'binary', encoding: 'binary' });
    const key = Buffer.from('format');
    await (format === undefined ? meta.remove(key) : meta.put(key, Buffer.from(format)));
    await root.close();
  }

  it.each(['throughline-log/2', undefined])('is refused with both formats named: %s', async (format) => {
    await fillLog();
    await writeMeta(format);
    await expect(open()).rejects.toMatchObject({
      code: 'BROKER_FORMAT_UNKNOWN',
      message: expect.stringContaining('reads throughline-log/1'),
    });
    await writeMeta('throughline-log/1');
    await (await open()).close();
  });
});
