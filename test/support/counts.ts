import { readFileSync, writeFileSync } from 'node:fs';

/** Outcome of a run: how many tests ended how. `failed` also counts what could not run. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Set by an outer run (`npm run check`, `.ci/run`): a run writes its counts to this file instead of closing with a line. */
export const COUNTS_FILE_VARIABLE = 'TEST_COUNTS_FILE';

/** `12 passed, 0 failed`, and `, 1 skipped` where some were. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Three numbers on one line, for shells to read. */
export function writeCounts(file: string, { passed, failed, skipped }: Counts): void {
  writeFileSync(file, `${passed} ${failed} ${skipped}\n`);
}

/** What a finished process left behind; a process that failed has failed at least once, whatever it counted. */
export function readCounts(file: string, exitCode: number): Counts {
  const [passed = 0, failed = 0, skipped = 0] = numbersIn(file);
  return { passed, failed: exitCode === 0 ? failed : Math.max(1, failed), skipped };
}

function numbersIn(file: string): readonly number[] {
  const text = readFileSync(file, { encoding: 'utf8', flag: 'a+' });
  return /^\d+ \d+ \d+$/u.test(text.trim()) ? text.trim().split(' ').map(Number) : [0, 1, 0];
}

/** Hands the counts to the outer run, or prints the closing line; returns the exit code. Must come last. */
export function close(counts: Counts): number {
  const file = process.env[COUNTS_FILE_VARIABLE];
  if (file === undefined) process.stdout.write(`${closingLine(counts)}\n`);
  else writeCounts(file, counts);
  return counts.failed === 0 ? 0 : 1;
}
