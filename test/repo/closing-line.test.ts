import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { closingLine } from '../support/counts.ts';
import { ROOT, withFolder } from '../support/repository.ts';

const CONFIG = `
import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from '${ROOT}/test/support/closing-line-reporter.ts';
export default defineConfig({ test: { reporters: ['default', new ClosingLineReporter()], pool: 'forks', testTimeout: 300 } });
`;

const HEAD = "import { beforeAll, describe, expect, it } from 'vitest';\n";
const PASSES = "it('passes', () => {});\n";

/** Environment without what the vitest around us set. */
const ENV = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:VITEST|THROUGHLINE|TEST_|TEST$|NODE_ENV)/u.test(name)),
);

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** Runs vitest as `npm test` does, on one test file of this text (none: no file). */
function run(testText: string | undefined, config = CONFIG): Ended {
  const files = { 'vitest.config.ts': config, 'package.json': '{ "type": "module" }' };
  return withFolder({ ...files, ...(testText !== undefined && { 'a.test.ts': HEAD + testText }) }, [], (folder) => {
    const args = [`${ROOT}/node_modules/tsx/dist/cli.mjs`, `${ROOT}/test/support/run-tests.ts`, 'vitest.config.ts'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: ENV });
    return { code: status, lines: `${stderr}${stdout}`.trimEnd().split('\n') };
  });
}

/** What happens in a run, its test file, the closing line. */
const CASES = [
  ['all pass', PASSES, '1 passed, 0 failed'],
  ['one fails', `${PASSES}it('fails', () => expect(1).toBe(2));\n`, '1 passed, 1 failed'],
  ['one is skipped', `${PASSES}it.skip('rests', () => {});\n`, '1 passed, 0 failed, 1 skipped'],
  ['one takes too long', `${PASSES}it('waits', () => new Promise(() => {}));\n`, '1 passed, 1 failed'],
  ['the file does not load', `${PASSES}throw new Error('planted');\n`, '0 passed, 1 failed'],
  ['the file does not parse', 'it(\n', '0 passed, 1 failed'],
  ['the file holds no test', '', '0 passed, 1 failed'],
  ['there is no file', undefined, '0 passed, 1 failed'],
  [
    'a hook throws',
    `describe('d', () => { beforeAll(() => { throw new Error('planted'); }); ${PASSES} });\n`,
    '0 passed, 1 failed, 1 skipped',
  ],
  [
    'a promise is rejected and nobody looks',
    `${PASSES}it('leaks', () => { Promise.reject(new Error('planted')); });\n`,
    '2 passed, 1 failed',
  ],
  ['the worker dies', `${PASSES}it('dies', () => process.kill(process.pid, 'SIGKILL'));\n`, /^[01] passed, [1-9] failed/u],
] as const;

describe('the closing line', () => {
  it.each(CASES)('is right when %s', (_case, testText, wanted) => {
    const { code, lines } = run(testText);
    expect(lines.at(-1)).toMatch(wanted);
    if (typeof wanted === 'string') expect(lines.at(-1)).toBe(wanted);
    expect(code).toBe(/ 0 failed/u.test(lines.at(-1) ?? '') ? 0 : 1);
    expect(lines.filter((line) => /^\d+ passed, \d+ failed/u.test(line))).toHaveLength(1);
  });

  it('is there when the configuration does not load', () => {
    const { code, lines } = run(PASSES, "throw new Error('planted');");
    expect([code, lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
  });

  it('is there when vitest is killed', () => {
    const config = CONFIG.replace('export default', "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 0);\nexport default");
    const { code, lines } = run(PASSES, config);
    expect([code, lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
  });

  it('names skipped tests only where there are some', () => {
    expect(closingLine({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
    expect(closingLine({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped');
  });
});
