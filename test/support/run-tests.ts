import { runCounted } from './counted-process.ts';
import { close } from './counts.ts';

// `run-tests.ts <vitest config> [filters and flags of vitest]`: the last line is 'N passed, N failed', come what may.

const [config = 'vitest.config.ts', ...rest] = process.argv.slice(2);
process.exitCode = close(runCounted('node_modules/vitest/vitest.mjs', ['run', '--config', config, ...rest]));
