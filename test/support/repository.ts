import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Absolute path of the checkout. */
export const ROOT = resolve(import.meta.dirname, '../..');

interface PackageJson {
  readonly imports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

/** Text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function readPackageJson(): PackageJson {
  return JSON.parse(readText('package.json')) as PackageJson;
}

/** Paths of all files that are in git or will be (neither deleted nor ignored), relative to the root. */
export function repositoryFiles(): readonly string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return [...new Set(listed)].filter((path) => path !== '' && existsSync(join(ROOT, path))).sort();
}

/** TypeScript (with JSX too) and .mjs files: everything that the tools look at. */
export function codeFiles(): readonly string[] {
  return repositoryFiles().filter((path) => /\.(?:tsx?|mjs)$/u.test(path));
}

/** Code of the product: neither tests nor settings at the root. */
export function productFiles(): readonly string[] {
  return codeFiles().filter((path) => path.includes('/') && !path.startsWith('test/'));
}

/** Top-level folders with a front, in the order of package.json. */
export function domains(): readonly string[] {
  return Object.keys(readPackageJson().imports).map((name) => name.slice(1));
}

/**
 * Runs `use` in a temporary folder with these files (path to text), copies of the repository's files named in `copies`, and
 * the installed packages.
 */
export function withFolder<T>(files: Readonly<Record<string, string>>, copies: readonly string[], use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-repo-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const path of copies) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
