import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COUNTS_FILE_VARIABLE, type Counts, readCounts } from './counts.ts';

/** Runs a Node script that counts tests, its output going straight through, and returns what it counted. */
export function runCounted(script: string, args: readonly string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-counts-'));
  const file = join(folder, 'counts');
  try {
    const env = { ...process.env, [COUNTS_FILE_VARIABLE]: file };
    const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', env });
    return readCounts(file, status ?? 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
