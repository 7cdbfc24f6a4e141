import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, ManualClock } from '#core';
import { openEmbeddedLog } from '../../runtime/brokers/index.ts';
import { createControlTopics } from './prediction-records.ts';

/** An embedded log in a folder of its own, with the control plane's topics; `reopen` ends it and opens it anew. */
export interface TemporaryLog {
  readonly log: EventLog;
  readonly clock: ManualClock;
  reopen(): Promise<EventLog>;
  remove(): Promise<void>;
}

export async function openTemporaryLog(): Promise<TemporaryLog> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-drift-'));
  const clock = new ManualClock(Date.UTC(2011, 4, 1));
  let current = await openEmbeddedLog({ folder, clock });
  await createControlTopics(current);
  return {
    log: current,
    clock,
    async reopen() {
      await current.close();
      current = await openEmbeddedLog({ folder, clock });
      return current;
    },
    async remove() {
      await current.close();
      await rm(folder, { recursive: true });
    },
  };
}
