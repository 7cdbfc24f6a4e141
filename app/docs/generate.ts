import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ReferenceFiles, referenceFiles } from './reference.ts';

// `npm run gen` writes docs/reference/; `npm run gen -- --check` only compares and fails where a file differs.

const root = process.cwd();
const folder = join(root, 'docs/reference');

function present(): ReferenceFiles {
  mkdirSync(folder, { recursive: true });
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

function write(name: string, text: string | undefined): void {
  const path = join(folder, name);
  if (text === undefined) return rmSync(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const wanted = await referenceFiles(root);
const found = present();
const differing = [...new Set([...wanted.keys(), ...found.keys()])].filter((name) => wanted.get(name) !== found.get(name));

if (process.argv.includes('--check')) {
  for (const name of differing)
    console.error(`docs/reference/${name} is not what its sources say: run \`npm run gen\` and commit it.`);
  process.exitCode = differing.length === 0 ? 0 : 1;
} else {
  for (const name of differing) write(name, wanted.get(name));
  console.log(`docs/reference: ${wanted.size} files, ${differing.length} changed`);
}
