import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorTable } from '#core';

/** A folder's table of failures: every `errors.ts` exports one, named `<PREFIX>_ERRORS`. */
export interface FolderErrors {
  /** Relative to the root, such as `runtime/brokers`. */
  readonly folder: string;
  readonly exportName: string;
  readonly table: ErrorTable;
}

/** Paths of all `errors.ts` under the domains of package.json, relative to the root; core's holds the error class, no table. */
export function errorFiles(root: string): readonly string[] {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> };
  return Object.values(imports)
    .map((front) => dirname(front).replace('./', ''))
    .filter((domain) => domain !== 'core' && existsSync(join(root, domain)))
    .flatMap((domain) => readdirSync(join(root, domain), { recursive: true, encoding: 'utf8' }).map((file) => join(domain, file)))
    .filter((file) => /(?:^|\/)errors\.ts$/u.test(file))
    .sort((a, b) => (dirname(a) < dirname(b) ? -1 : 1));
}

/** All tables of all folders, found by file name, so that a new folder cannot be forgotten; hence no import by front door here. */
export async function loadErrorTables(root: string): Promise<readonly FolderErrors[]> {
  const loaded = errorFiles(root).map(async (file) => {
    const exported = (await import(pathToFileURL(join(root, file)).href)) as Readonly<Record<string, unknown>>;
    return Object.entries(exported)
      .filter(([name]) => name.endsWith('_ERRORS'))
      .map(([exportName, table]) => ({ folder: dirname(file), exportName, table: table as ErrorTable }));
  });
  return (await Promise.all(loaded)).flat();
}
