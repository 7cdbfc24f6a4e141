import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The newest long-term release when this was written; the floor is in package.json. */
const VERSION = '24.21.0';

/** Installs that Node from the npm registry (once; under TEST_CACHE or ~/.cache/throughline) and returns its program. */
export function prepareNewestNode(): string {
  const folder = join(process.env['TEST_CACHE'] ?? join(homedir(), '.cache/throughline'), `node-${VERSION}`);
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', `${name}@${VERSION}`], {
      stdio: 'pipe',
    });
  }
  return program;
}
