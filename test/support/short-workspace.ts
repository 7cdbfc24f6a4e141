import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const RETAIL = path.join(import.meta.dirname, '../../examples/retail');

/** Event time at which the short history ends: two candidates have been judged by then. */
export const SHORT_END_MS = Date.UTC(2011, 3, 20);
/** Events of the bundled year before that. */
export const SHORT_EVENTS = 169_746;

/** A copy of the bundled workspace in this folder whose history ends in April: as the whole one until there, and a third as long. */
export async function createShortWorkspace(folder: string): Promise<string> {
  await cp(RETAIL, folder, { recursive: true });
  await rename(path.join(folder, 'replay.mjs'), path.join(folder, 'year.mjs'));
  const module = [
    "import year from './year.mjs';",
    'export default function* history(table) {',
    '  for (const event of year(table)) {',
    `    if (event.timeMs >= ${SHORT_END_MS}) return;`,
    '    yield event;',
    '  }',
    '}',
  ];
  await writeFile(path.join(folder, 'replay.mjs'), `${module.join('\n')}\n`);
  const replay = path.join(folder, 'replay.yaml');
  await writeFile(replay, (await readFile(replay, 'utf8')).replace(/^events: .*$/mu, `events: ${SHORT_EVENTS}`));
  return folder;
}
