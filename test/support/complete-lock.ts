import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

/** An entry of package-lock.json, as far as we read or write it. */
export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockPackages = Readonly<Record<string, LockEntry>>;

interface LockFile {
  readonly packages: LockPackages;
}

const PLATFORMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const CPUS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];
const CPU_OF: Readonly<Record<string, string>> = { armv7: 'arm' };

/** Whether npm finds `name` from the package at `path`: beside it or in any folder above. */
function isResolvable(packages: LockPackages, path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}

/** What a binary package's name says about the machine it is for. */
function machineOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/]/u).map((word) => CPU_OF[word] ?? word);
  const os = PLATFORMS.filter((platform) => words.includes(platform));
  const cpu = CPUS.filter((kind) => words.includes(kind));
  const isMusl = words.some((word) => word.startsWith('musl'));
  const isGlibc = words.some((word) => /^g(?:nu|libc)/u.test(word));
  const libc = [...(isMusl ? ['musl'] : []), ...(isGlibc ? ['glibc'] : [])];
  return { ...(cpu.length > 0 && { cpu }), ...(os.length > 0 && { os }), ...(libc.length > 0 && { libc }) };
}

/** Optional packages that the lock names and does not hold, by the path where they belong. `npm ci` of npm 11 refuses such a lock. */
export function missingOptionals(packages: LockPackages): LockPackages {
  const missing: Record<string, LockEntry> = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isResolvable({ ...packages, ...missing }, path, name)) continue;
      missing[`node_modules/${name}`] = { version, ...machineOf(name), ...(entry.dev === true && { dev: true }), optional: true };
    }
  }
  return missing;
}

/**
 * Completes package-lock.json: a registry mirror that lacks other machines' binaries makes `npm install` leave them out.
 * They come in with the exact version their parent asks for, and without a checksum, which only the registry knows.
 */
export function completeLock(file: string): number {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile;
  const missing = missingOptionals(lock.packages);
  const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  return Object.keys(missing).length;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`package-lock.json: ${completeLock('package-lock.json')} packages of other machines added`);
}
