import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../support/repository.ts';

/** A stand-in for npm: `ci` and each script do what these lines of shell say. */
function standIn(lines: {
  readonly ci?: string;
  readonly statics?: string;
  readonly tests: string;
  readonly real: string;
}): string {
  return `#!/bin/sh
counts() { echo "$1" >"$TEST_COUNTS_FILE"; }
case "$*" in
  ci*) ${lines.ci ?? ':'} ;;
  *" check:static") ${lines.statics ?? "counts '0 0 0'"} ;;
  *" test") ${lines.tests} ;;
  *" test:real") ${lines.real} ;;
  *) exit 99 ;;
esac
`;
}

function runCi(lines: Parameters<typeof standIn>[0]): { readonly code: number | null; readonly lines: readonly string[] } {
  return withFolder({ 'bin/npm': standIn(lines) }, ['.ci/run'], (folder) => {
    chmodSync(join(folder, 'bin/npm'), 0o755);
    const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
    const { status, stdout } = spawnSync(join(folder, '.ci/run'), { cwd: folder, encoding: 'utf8', env });
    return { code: status, lines: stdout.trimEnd().split('\n') };
  });
}

const GREEN = "counts '10 0 0'";

/** What happens, what npm does, the exit code and the closing line. */
const CASES = [
  ['all pass', { tests: GREEN, real: "counts '3 0 0'" }, 0, '13 passed, 0 failed'],
  ['some are skipped', { tests: "counts '10 0 2'", real: "counts '3 0 1'" }, 0, '13 passed, 0 failed, 3 skipped'],
  ['a check fails', { tests: "counts '9 1 0'; exit 1", real: "counts '3 0 0'" }, 1, '12 passed, 1 failed'],
  ['a static check fails', { statics: "counts '0 2 0'; exit 1", tests: GREEN, real: GREEN }, 1, '20 passed, 2 failed'],
  ['both fail', { tests: "counts '9 1 0'; exit 1", real: "counts '1 2 0'; exit 1" }, 1, '10 passed, 3 failed'],
  ['npm ci fails', { ci: 'exit 1', tests: GREEN, real: GREEN }, 1, '0 passed, 1 failed'],
  ['a part ends before it counted', { tests: 'exit 7', real: GREEN }, 1, '10 passed, 1 failed'],
  ['a part fails though it counted no failure', { tests: GREEN, real: "counts '3 0 0'; exit 1" }, 1, '13 passed, 1 failed'],
  ['a part is killed', { tests: GREEN, real: 'kill -9 $$' }, 1, '10 passed, 1 failed'],
  ['a part counted a failure and left with 0', { tests: "counts '9 1 0'", real: GREEN }, 1, '19 passed, 1 failed'],
  ['a part left 0 and counted nothing', { tests: ':', real: GREEN }, 1, '10 passed, 1 failed'],
] as const;

describe('.ci/run', () => {
  it.each(CASES)('closes rightly when %s', (_case, lines, code, wanted) => {
    const ended = runCi(lines);
    expect([ended.code, ended.lines.at(-1)]).toEqual([code, wanted]);
    expect(ended.lines.filter((line) => /^\d+ passed, \d+ failed/u.test(line))).toHaveLength(1);
  });
});
