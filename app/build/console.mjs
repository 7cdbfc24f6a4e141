import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// Builds the console into dist/dashboards/console/: index.html, assets named by their content, and a .br and .gz beside each file
// that is worth it, so that a server sends what is there and compresses nothing. Its stamp is build.json, which also holds how much
// script each page loads. Silent; where nothing changed since the last build it only looks.

const SOURCE = 'dashboards/console';
const STAMP = 'build.json';
/** Below this, compression saves nothing that a packet would show. */
const WORTH_COMPRESSING_BYTES = 512;

/** @typedef {{ fileName: string, name: string, isEntry: boolean, imports: string[], dynamicImports: string[] }} Chunk */
/** @typedef {{ files: string[], scriptBytes: Record<string, number>, firstScreenBytes: number, totalBytes: number }} Stamp */

/** @param {string} root */
const outFolder = (root) => join(root, 'dist', SOURCE);

/**
 * Whether each file of the last build is there, and no source is newer. Change times, as an unpacked archive keeps old ones.
 * @param {string} root
 */
function isFresh(root) {
  const stamp = join(outFolder(root), STAMP);
  if (!existsSync(stamp)) return false;
  /** @type {Stamp} */
  const { files } = JSON.parse(readFileSync(stamp, 'utf8'));
  const builtMs = statSync(stamp).mtimeMs;
  const sources = readdirSync(join(root, SOURCE), { recursive: true, encoding: 'utf8' }).map((file) => join(SOURCE, file));
  const inputs = ['package.json', 'package-lock.json', 'app/build/console.mjs', ...sources];
  return (
    files.every((file) => existsSync(join(outFolder(root), file))) &&
    inputs.every((file) => statSync(join(root, file)).ctimeMs < builtMs)
  );
}

/**
 * The script that sets the colour scheme stands in the head and blocks, or a dark page would flash white: it is a chunk without
 * imports, so it runs as a plain script.
 * @returns {import('vite').Plugin}
 */
function earlyTheme() {
  return {
    name: 'early-theme',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) => {
        const chunk = Object.values(bundle ?? {}).find((output) => output.type === 'chunk' && output.name === 'theme');
        return chunk === undefined ? [] : [{ tag: 'script', attrs: { src: `/${chunk.fileName}` }, injectTo: 'head-prepend' }];
      },
    },
  };
}

/**
 * @param {string} root
 * @returns {import('vite').InlineConfig}
 */
function viteConfig(root) {
  const source = join(root, SOURCE);
  return {
    root: source,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    cacheDir: join(root, '.cache/vite'),
    plugins: [earlyTheme()],
    // What is built is what users get, whatever NODE_ENV the build was started with.
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
    resolve: {
      alias: [
        { find: /^react(?:-dom)?$/u, replacement: 'preact/compat' },
        { find: /^react\/jsx-runtime$/u, replacement: 'preact/jsx-runtime' },
        { find: /^use-sync-external-store\/shim(?:\/index\.js)?$/u, replacement: 'preact/compat' },
      ],
    },
    build: {
      outDir: outFolder(root),
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { index: join(source, 'index.html'), theme: join(source, 'theme.ts') },
        // Packages mark what runs in a browser for servers that render; here all of it does.
        checks: { moduleLevelDirective: false },
      },
    },
  };
}

/**
 * @param {Buffer} bytes
 * @returns {{ br: Buffer, gz: Buffer }}
 */
function compress(bytes) {
  return {
    br: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
    gz: gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
  };
}

/**
 * Writes the compressed forms.
 * @param {string} folder
 * @param {readonly string[]} files
 * @returns {Record<string, number>} bytes that travel, by file: brotli where it was worth it
 */
function compressAll(folder, files) {
  /** @type {Record<string, number>} */
  const sizes = {};
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    sizes[file] = bytes.length;
    if (bytes.length < WORTH_COMPRESSING_BYTES) continue;
    const { br, gz } = compress(bytes);
    writeFileSync(join(folder, `${file}.br`), br);
    writeFileSync(join(folder, `${file}.gz`), gz);
    sizes[file] = br.length;
  }
  return sizes;
}

/**
 * Compressed script by page: the entry, the page's chunk and all that they import or load after themselves, each file once.
 * @param {readonly Chunk[]} chunks
 * @param {Record<string, number>} sizes
 * @returns {Record<string, number>}
 */
function scriptByPage(chunks, sizes) {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const pages = chunks.filter(({ name }) => name.endsWith('-page'));
  const pageFiles = new Set(pages.map(({ fileName }) => fileName));
  /** @param {readonly string[]} from */
  const reach = (from) => {
    const seen = new Set(from);
    for (const file of seen) {
      const chunk = byFile.get(file);
      for (const next of [...(chunk?.imports ?? []), ...(chunk?.dynamicImports ?? [])]) {
        if (byFile.has(next) && !pageFiles.has(next)) seen.add(next);
      }
    }
    return [...seen].reduce((sum, file) => sum + (sizes[file] ?? 0), 0);
  };
  const entries = chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
  return Object.fromEntries(pages.map(({ name, fileName }) => [name.replace('-page', ''), reach([...entries, fileName])]));
}

/**
 * Builds the console where something changed.
 * @param {string} root of the checkout
 * @returns {Promise<string | undefined>} how much script it is, in a sentence; undefined where there was nothing to do
 */
export async function buildConsole(root) {
  if (isFresh(root)) return undefined;
  const { build } = await import('vite');
  const folder = outFolder(root);
  rmSync(join(folder, STAMP), { force: true });
  const built = await build(viteConfig(root));
  const { output } = /** @type {import('vite').Rolldown.RolldownOutput} */ (Array.isArray(built) ? built[0] : built);
  const files = output.map(({ fileName }) => fileName);
  const sizes = compressAll(folder, files);
  const chunks = /** @type {Chunk[]} */ (output.filter(({ type }) => type === 'chunk'));
  const scriptBytes = scriptByPage(chunks, sizes);
  const totalBytes = chunks.reduce((sum, { fileName }) => sum + (sizes[fileName] ?? 0), 0);
  /** @type {Stamp} */
  const stamp = { files, scriptBytes, firstScreenBytes: scriptBytes['overview'] ?? totalBytes, totalBytes };
  writeFileSync(join(folder, STAMP), `${JSON.stringify(stamp, null, 2)}\n`);
  const startedSeconds = performance.timeOrigin / 1000;
  utimesSync(join(folder, STAMP), startedSeconds, startedSeconds);
  const kilobytes = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1);
  return `console: ${kilobytes(stamp.firstScreenBytes)} kB of compressed script on the first screen, ${kilobytes(totalBytes)} kB in all`;
}
