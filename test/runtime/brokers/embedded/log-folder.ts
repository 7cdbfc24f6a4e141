import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type EventLog, systemClock } from '#core';
import { openEmbeddedLog } from '../../../../runtime/brokers/index.ts';
import type { LogUnderTest } from '../../../contract/log-fixture.ts';

/** A new empty folder for a test; whoever made it removes it. */
export function createTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'throughline-log-'));
}

/** An embedded log in a folder of its own, which goes with it. */
export async function openTemporaryLog(clock: Clock = systemClock): Promise<LogUnderTest & { readonly folder: string }> {
  const folder = createTemporaryFolder();
  let log: EventLog = await openEmbeddedLog({ folder, clock });
  return {
    folder,
    log,
    reopen: async () => {
      await log.close();
      log = await openEmbeddedLog({ folder, clock });
      return log;
    },
    dispose: async () => {
      await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
