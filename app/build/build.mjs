import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './console.mjs';

// Builds dist/: what tsc makes of the sources, nothing of sources that are gone, a package.json with the imports in JavaScript, and
// the console (console.mjs). Silent, but for a word to whoever waits at a terminal; where nothing changed since the last build it
// only looks (its stamp is dist/package.json).

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const dist = join(root, 'dist');
const stamp = join(dist, 'package.json');
const buildInfo = join(dist, '.tsbuildinfo');
/** What Vite builds, tsc leaves alone: relative to the root, and in dist/ too. */
const consoleFolder = join('dashboards', 'console');
const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/**
 * Files under a folder whose path matches, without that ending.
 * @param {string} folder absolute; may be missing
 * @param {RegExp} ending
 */
function stems(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && !file.endsWith('.d.ts'))
    .map((file) => file.replace(ending, ''));
}

/** Sources that go into the build, relative to the root, without their ending. */
function sourceStems() {
  /** @type {{ include: string[] }} */
  const config = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));
  return config.include
    .flatMap((folder) => stems(join(root, folder), /\.ts$/u).map((stem) => join(folder, stem)))
    .filter((stem) => !stem.startsWith(consoleFolder + sep));
}

/**
 * Whether no source or setting changed after the last build. Change times, as an unpacked archive keeps old modification times.
 * @param {readonly string[]} sources
 */
function isFresh(sources) {
  if (!existsSync(stamp)) return false;
  const builtMs = statSync(stamp).mtimeMs;
  return [...settings, ...sources.map((stem) => `${stem}.ts`)].every((file) => statSync(join(root, file)).ctimeMs < builtMs);
}

/** The map of `#domain` imports, as the built files need it. Dated by this process's start: a source saved meanwhile is newer. */
function writePackageJson() {
  const { type, imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, `${JSON.stringify({ type, imports }, null, 2).replaceAll('.ts"', '.js"')}\n`);
  const startedSeconds = performance.timeOrigin / 1000;
  utimesSync(stamp, startedSeconds, startedSeconds);
}

function build() {
  const sources = sourceStems();
  const wanted = new Set(sources);
  const built = new Set(stems(dist, /\.js$/u).filter((stem) => !stem.startsWith(consoleFolder + sep)));
  for (const stem of [...built].filter((name) => !wanted.has(name))) {
    rmSync(join(dist, `${stem}.js`), { force: true });
    rmSync(join(dist, `${stem}.js.map`), { force: true });
  }
  const isComplete = sources.every((stem) => built.has(stem));
  if (isComplete && isFresh(sources)) return 0;
  return compile(isComplete);
}

/**
 * @param {boolean} isComplete tsc would not write a lost file again: then it starts anew
 * @returns {number} exit code
 */
function compile(isComplete) {
  if (!isComplete) rmSync(buildInfo, { force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) {
    process.stderr.write('TypeScript is not installed: run `npm ci` first.\n');
    return 1;
  }
  if (process.stderr.isTTY) process.stderr.write('building what changed, some seconds …\n');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
  if (status === 0) writePackageJson();
  // Without its package.json nothing in dist/ starts: an older build is not run by mistake.
  else rmSync(stamp, { force: true });
  return status ?? 1;
}

process.exitCode = build();
if (process.exitCode === 0) {
  const built = await buildConsole(root);
  if (built !== undefined && process.stderr.isTTY) process.stderr.write(`${built}\n`);
}
