import { join } from 'node:path';
import { loadWorkspace } from '../config/index.ts';
import { workspaceSchemas } from '../config/schemas.ts';
import { dashboardFiles } from '../dashboard-files.ts';
import { describeApi } from '../http/openapi.ts';
import { alertsPage } from './alerts-page.ts';
import { loadErrorTables } from './error-tables.ts';
import { errorsPage } from './errors-page.ts';

/** File name, relative to docs/reference/, to its text. */
export type ReferenceFiles = ReadonlyMap<string, string>;

/** The JSON Schemas of the files in a workspace, as `schemas/<name>`. */
function schemaFiles(): ReferenceFiles {
  const schemas = Object.entries(workspaceSchemas());
  return new Map(schemas.map(([name, schema]) => [join('schemas', name), `${JSON.stringify(schema, null, 2)}\n`]));
}

/** Boards and alert rules of the bundled workspace, as `grafana/…`: to look at, and so that a change of them is seen in review. */
async function bundledDashboards(root: string): Promise<ReferenceFiles> {
  return dashboardFiles(await loadWorkspace(join(root, 'examples/retail')));
}

/** Everything that stands in docs/reference/, made from the sources under `root`. */
export async function referenceFiles(root: string): Promise<ReferenceFiles> {
  const openApi = `${JSON.stringify(await describeApi(), null, 2)}\n`;
  return new Map([
    ['alerts.md', alertsPage()],
    ['errors.md', errorsPage(await loadErrorTables(root))],
    ['openapi.json', openApi],
    ...schemaFiles(),
    ...(await bundledDashboards(root)),
  ]);
}
