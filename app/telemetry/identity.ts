import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type EventLog, STORES } from '#core';

const LOG_KEY = 'log';
const KEY_FILE = 'pseudonym.key';
const KEY_BYTES = 32;

/** The log's name for ever: made at its first start, gone with `--fresh`. */
export async function loadLogId(log: EventLog): Promise<string> {
  for await (const { key, value } of log.readState(STORES.logIdentity, 0)) {
    if (key === LOG_KEY) return new TextDecoder().decode(value);
  }
  const logId = randomUUID();
  await log.commit({ state: [{ store: STORES.logIdentity, partition: 0, key: LOG_KEY, value: Buffer.from(logId) }] });
  return logId;
}

/** The key of the pseudonyms: made at the first start, readable by its owner only. Who loses it can no longer find a person by name. */
export async function loadPseudonymKey(dataFolder: string): Promise<Uint8Array> {
  const file = path.join(dataFolder, KEY_FILE);
  const stored = await readFile(file).catch(() => undefined);
  if (stored?.length === KEY_BYTES) return stored;
  await mkdir(dataFolder, { recursive: true });
  const key = randomBytes(KEY_BYTES);
  await writeFile(file, key, { mode: 0o600 });
  return key;
}
