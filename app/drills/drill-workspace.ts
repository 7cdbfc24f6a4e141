import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bundled workspace, beside the sources and beside the compiled app alike. */
export function bundledWorkspace(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const root = here.includes(`${path.sep}dist${path.sep}`) ? path.join(here, '../../..') : path.join(here, '../..');
  return path.join(root, 'examples/retail');
}

/** Counted back from the history's end: it plays live from 20 April on. What is before makes the first model, and two months of its predictions. */
const LIVE_LAST = '233d';

/**
 * A copy of the bundled workspace for drills: its history plays live from April on, and nothing trains or reviews meanwhile, so that
 * what happens is the fault alone.
 */
export async function createDrillWorkspace(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await cp(bundledWorkspace(), folder, { recursive: true });
  await rm(path.join(folder, 'drift'), { recursive: true, force: true });
  await edit(path.join(folder, 'replay.yaml'), (text) => text.replace(/^ {2}last: .*$/mu, `  last: ${LIVE_LAST}`));
  const models = path.join(folder, 'models');
  for (const file of await readdir(models)) await edit(path.join(models, file), withoutRetraining);
  return folder;
}

/** The section up to the next one, or the end. */
function withoutRetraining(text: string): string {
  return text.replace(/^retraining:\n(?:[ #].*\n|\n)*/mu, '');
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
}
