import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const CONSOLE = join(import.meta.dirname, '../../../../dashboards/console');

it('HTML is set in one place of the console: what the server made of a runbook’s Markdown', () => {
  const files = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/u.test(file));
  const setting = files.filter((file) =>
    /dangerouslySetInnerHTML|innerHTML\s*=/u.test(readFileSync(join(CONSOLE, file), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(setting).toEqual([join('runbooks', 'server-html.tsx')]);
});
