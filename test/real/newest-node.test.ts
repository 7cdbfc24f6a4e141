import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { prepareNewestNode } from './newest-node.ts';

const ROOT = join(import.meta.dirname, '../..');

test('the year runs on the newest long-term Node as on the oldest that is supported', { timeout: 300_000 }, async () => {
  const data = join(await temporaryFolder(), 'data');
  const start = (node: string): string => {
    const args = [join(ROOT, 'dist/app/main.js'), 'start', '--once', '--fresh', '--port', '0', '--data', data];
    const output = execFileSync(node, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
    return output.slice(output.indexOf('fate '));
  };
  const newest = start(prepareNewestNode());
  expect(newest).toMatch(/all, as many as were read\s+558,521/u);
  expect(newest).toBe(start(process.execPath));
});
