import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../../support/repository.ts';

const SETTINGS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'app/build/build.mjs',
  'app/build/console.mjs',
];

const SOURCES = {
  'core/index.ts': "export { word } from './word.ts';\n",
  'core/word.ts': "export const word: string = 'first';\n",
  'core/gone.ts': 'export const gone = 1;\n',
  'dashboards/console/index.html': '<!doctype html><script type="module" src="./entry.tsx"></script>\n',
  'dashboards/console/entry.tsx': "import { useState } from 'react';\nconsole.log(useState, 'first', <p>read</p>);\n",
  'dashboards/console/theme.ts': "document.documentElement.dataset['theme'] = 'dark';\n",
  'app/main.ts': "import { word } from '#core';\nconsole.log(word, ...process.argv.slice(2));\n",
};

function build(folder: string): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['app/build/build.mjs'], { cwd: folder, encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}

/** Text of the console's entry script, and when the console was built. */
function readConsole(folder: string): { readonly entry: string; readonly builtMs: number } {
  const out = join(folder, 'dist/dashboards/console');
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  const [, entry = ''] = /type="module"[^>]* src="\/([^"]+)"/u.exec(html) ?? [];
  return { entry: readFileSync(join(out, entry), 'utf8'), builtMs: statSync(join(out, 'index.html')).mtimeMs };
}

function runMain(folder: string): string {
  return execFileSync(process.execPath, ['dist/app/main.js', '--fresh'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
}

const SILENT = { code: 0, output: '' };

describe('the build', () => {
  it('makes what Node runs, crossing boundaries by name, in silence', () => {
    withFolder(SOURCES, SETTINGS, (folder) => {
      expect(build(folder)).toEqual(SILENT);
      expect(runMain(folder)).toBe('first --fresh');
    });
  });

  it('does nothing where nothing changed, and takes up what did', () => {
    withFolder(SOURCES, SETTINGS, (folder) => {
      build(folder);
      const file = join(folder, 'dist/core/word.js');
      const before = statSync(file).mtimeMs;
      expect(build(folder)).toEqual(SILENT);
      expect(statSync(file).mtimeMs).toBe(before);
      writeFileSync(join(folder, 'core/word.ts'), "export const word: string = 'second';\n");
      expect(build(folder)).toEqual(SILENT);
      expect(runMain(folder)).toBe('second --fresh');
    });
  });

  it('leaves nothing of sources that are gone', () => {
    withFolder(SOURCES, SETTINGS, (folder) => {
      build(folder);
      rmSync(join(folder, 'core/gone.ts'));
      renameSync(join(folder, 'dist/core/word.js'), join(folder, 'dist/core/never-was.js'));
      expect(build(folder)).toEqual(SILENT);
      const left = ['gone.js', 'gone.js.map', 'never-was.js'].filter((name) => existsSync(join(folder, 'dist/core', name)));
      expect(left).toEqual([]);
      expect(runMain(folder)).toBe('first --fresh');
    });
  });

  it('fails on a wrong type, says where, and leaves nothing that runs until it is mended', () => {
    withFolder(SOURCES, SETTINGS, (folder) => {
      build(folder);
      writeFileSync(join(folder, 'core/word.ts'), 'export const word: string = 1;\n');
      for (const _attempt of [1, 2]) {
        const { code, output } = build(folder);
        expect(code).not.toBe(0);
        expect(output).toContain('core/word.ts');
        expect(() => runMain(folder)).toThrow();
      }
      writeFileSync(join(folder, 'core/word.ts'), "export const word: string = 'mended';\n");
      expect(build(folder)).toEqual(SILENT);
      expect(runMain(folder)).toBe('mended --fresh');
    });
  });

  it('builds the console for browsers beside the rest, once, and takes up what changed or was lost', () => {
    withFolder(SOURCES, SETTINGS, (folder) => {
      build(folder);
      const first = readConsole(folder);
      expect(first.entry).toContain('first');
      expect(existsSync(join(folder, 'dist/dashboards/console/entry.js'))).toBe(false);
      expect(build(folder)).toEqual(SILENT);
      expect(readConsole(folder).builtMs).toBe(first.builtMs);
      writeFileSync(join(folder, 'dashboards/console/entry.tsx'), "console.log('second');\n");
      expect(build(folder)).toEqual(SILENT);
      expect(readConsole(folder).entry).toContain('second');
      rmSync(join(folder, 'dist/dashboards/console/assets'), { recursive: true });
      expect(build(folder)).toEqual(SILENT);
      expect(readConsole(folder).entry).toContain('second');
      expect(runMain(folder)).toBe('first --fresh');
    });
  });

  it('maps every import of package.json to a built file', () => {
    withFolder(SOURCES, SETTINGS, (folder) => {
      build(folder);
      const { imports } = JSON.parse(readFileSync(join(folder, 'dist/package.json'), 'utf8')) as {
        imports: Record<string, string>;
      };
      expect(Object.values(imports).filter((front) => !/^\.\/\w+\/index\.js$/u.test(front))).toEqual([]);
    });
  });
});
