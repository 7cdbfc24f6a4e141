import { spawnSync } from 'node:child_process';
import { runCounted } from './counted-process.ts';
import { close } from './counts.ts';

// `npm run check`: everything that CI checks but test:real; with --static, all of that but the tests. Static checks first, by their npm scripts, silent when they pass;
// all of them run, whatever fails. The last line counts the tests; a static check that fails counts as one more failure.

const STATIC_CHECKS = {
  'format:check': 'formatting and import order; `npm run format` mends it',
  lint: 'rules and limits (oxlint)',
  types: 'types (tsc)',
  boundaries: 'who may import whom (dependency-cruiser)',
  unused: 'files, exports and packages that nothing uses (knip)',
  'gen -- --check': 'generated files are those that `npm run gen` writes',
} as const;

function passes([script, about]: readonly [string, string]): boolean {
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', ...script.split(' ')], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (status !== 0) process.stdout.write(`${stdout}${stderr}`);
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${script.padEnd(14)} ${seconds.padStart(5)} s  ${about}\n`);
  return status === 0;
}

const broken = Object.entries(STATIC_CHECKS).filter((check) => !passes(check));
const isStatic = process.argv.includes('--static');
const tests = isStatic
  ? { passed: 0, failed: 0, skipped: 0 }
  : runCounted('node_modules/vitest/vitest.mjs', ['run', '--config', 'vitest.config.ts']);
if (broken.length > 0) process.stdout.write(`static checks that failed: ${broken.map(([script]) => script).join(', ')}\n`);
process.exitCode = close({ ...tests, failed: tests.failed + broken.length });
