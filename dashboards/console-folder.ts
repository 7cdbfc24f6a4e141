import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the built console lies: index.html for every address that is not the API's, assets/ named by their content (they may be kept
 * for ever), a .br and a .gz beside what is worth it. Beside the built code, or in dist/ while the sources run.
 */
export function consoleFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, 'console');
  return existsSync(join(beside, 'build.json')) ? beside : join(here, '../dist/dashboards/console');
}
