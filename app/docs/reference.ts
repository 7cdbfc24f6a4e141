import { join } from 'node:path';
import { workspaceSchemas } from '../config/schemas.ts';
import { describeApi } from '../http/openapi.ts';
import { loadErrorTables } from './error-tables.ts';
import { errorsPage } from './errors-page.ts';

/** File name, relative to docs/reference/, to its text. */
export type ReferenceFiles = ReadonlyMap<string, string>;

/** The JSON Schemas of the files in a workspace, as `schemas/<name>`. */
function schemaFiles(): ReferenceFiles {
  const schemas = Object.entries(workspaceSchemas());
  return new Map(schemas.map(([name, schema]) => [join('schemas', name), `${JSON.stringify(schema, null, 2)}\n`]));
}

/** Everything that stands in docs/reference/, made from the sources under `root`. */
export async function referenceFiles(root: string): Promise<ReferenceFiles> {
  const openApi = `${JSON.stringify(await describeApi(), null, 2)}\n`;
  return new Map([['errors.md', errorsPage(await loadErrorTables(root))], ['openapi.json', openApi], ...schemaFiles()]);
}
