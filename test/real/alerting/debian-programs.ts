import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where .ci/run unpacks Debian's packages: installed, they would start services. */
function unpackedFolder(): string {
  return join(process.env['TEST_CACHE'] ?? join(homedir(), '.cache', 'throughline'), 'debian', 'usr', 'bin');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian's Alertmanager reads them there, wherever the program itself lies. */
const TEMPLATES = ['default', 'email'].map((name) => `/usr/share/prometheus/alertmanager/${name}.tmpl`);

/** Path of a program of Debian's package, on the PATH or as .ci/run unpacked it. Throws with what to do. */
function debianProgram(name: string, debianPackage: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), unpackedFolder()];
  const found = folders.map((folder) => join(folder, name)).find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    `These tests run ${name} of Debian's package ${debianPackage}, which is neither on the PATH nor in ${unpackedFolder()}: .ci/run unpacks it there`,
  );
}

export function promtoolPath(): string {
  return debianProgram('promtool', 'prometheus');
}

export function alertmanagerPath(): string {
  const path = debianProgram('prometheus-alertmanager', 'prometheus-alertmanager');
  const missing = TEMPLATES.find((template) => !existsSync(template));
  if (missing === undefined) return path;
  throw new Error(`Debian's Alertmanager reads ${missing}, which is not there: .ci/run puts it there`);
}
