import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '#core';
import { appError } from '../errors.ts';

/** Beside generated files: which they are, and what they were when they were written. */
export const MANIFEST = '.throughline-generated.json';

/** What became of each file, by path. */
export interface GeneratedFiles {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Written by an earlier build, and not wanted any more. */
  readonly removed: readonly string[];
}

type Manifest = Readonly<Record<string, string>>;

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** A manifest that cannot be read claims nothing: then no file is ours, and none is overwritten. */
function parseManifest(text: string | undefined): Manifest {
  try {
    const value = JSON.parse(text ?? '{}') as unknown;
    return typeof value === 'object' && value !== null ? (value as Manifest) : {};
  } catch {
    return {};
  }
}

/**
 * Writes generated files into a folder, and removes those of an earlier build that are not wanted any more. Files that are not ours
 * are left alone: where one stands in the way, nothing is written. Throws APP_OUTPUT_FOREIGN, APP_OUTPUT_UNWRITABLE.
 */
export async function writeGenerated(folder: string, files: ReadonlyMap<string, string>): Promise<GeneratedFiles> {
  try {
    return await bringUpToDate(folder, files);
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('APP_')) throw error;
    const message = `${folder} cannot be written: ${messageOf(error)}. Choose another folder with --out, or give yourself the right to write there.`;
    throw appError('APP_OUTPUT_UNWRITABLE', message, { cause: error });
  }
}

async function bringUpToDate(folder: string, files: ReadonlyMap<string, string>): Promise<GeneratedFiles> {
  const before = parseManifest(await textAt(join(folder, MANIFEST)));
  const found = new Map<string, string | undefined>();
  for (const path of new Set([...files.keys(), ...Object.keys(before)])) found.set(path, await textAt(join(folder, path)));
  const isOurs = (path: string): boolean => {
    const text = found.get(path);
    return text === undefined || text === files.get(path) || before[path] === digestOf(text);
  };
  const foreign = [...files.keys()].filter((path) => !isOurs(path));
  if (foreign.length > 0) throw foreignFiles(folder, foreign);

  const written = [...files].filter(([path, text]) => found.get(path) !== text);
  const removed = Object.keys(before).filter((path) => !files.has(path) && found.get(path) !== undefined && isOurs(path));
  await mkdir(folder, { recursive: true });
  for (const [path, text] of written) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const path of removed) await rm(join(folder, path));
  const manifest = Object.fromEntries([...files].map(([path, text]) => [path, digestOf(text)]));
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  const names = written.map(([path]) => path);
  return { written: names, unchanged: [...files.keys()].filter((path) => !names.includes(path)), removed };
}

function foreignFiles(folder: string, paths: readonly string[]): Error {
  const listed = paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
  return appError(
    'APP_OUTPUT_FOREIGN',
    `nothing was written: in ${folder}, ${listed} ${paths.length === 1 ? 'is' : 'are'} not as this command wrote ${paths.length === 1 ? 'it' : 'them'}. Move ${paths.length === 1 ? 'it' : 'them'} away, or choose another folder with --out.`,
  );
}
