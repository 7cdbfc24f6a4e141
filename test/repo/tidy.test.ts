import { basename, dirname, extname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeFiles, domains, productFiles, readText, repositoryFiles } from '../support/repository.ts';

/** Top-level folders; another one needs an ADR. */
const FOLDERS = [
  '.ci',
  'core',
  'registry',
  'runtime',
  'collector',
  'drift',
  'dashboards',
  'runbooks',
  'app',
  'examples',
  'deploy',
  'docs',
  'test',
];

/** Words that attract anything; no file or folder is called by them. */
const BANNED_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'shared', 'misc', 'lib', 'src']);

/** Folders under test/ whose tests do not stand at their source's path. */
const UNMIRRORED = ['contract', 'e2e', 'bench', 'repo', 'real', 'support'];

const SOURCE_ENDINGS = ['.ts', '.tsx', '.mjs', '.yaml', '.json', '/index.ts'];

const files = repositoryFiles();

/** `path:line` of every line of these files that matches. */
function linesWith(pattern: RegExp, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) =>
    readText(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );
}

function isText(path: string): boolean {
  return !['.parquet', '.onnx', '.png', '.gz', '.zip'].includes(extname(path));
}

/** Where the source of a test may stand: `test/a/b.test.ts` tests `a/b.ts`, `test/a/b.aspect.test.ts` one aspect of it. */
function sourcesOf(test: string): readonly string[] {
  const path = test.replace(/^test\//u, '').replace(/(?:\.[a-z0-9-]+)?\.test\.ts$/u, '');
  return SOURCE_ENDINGS.map((ending) => `${path}${ending}`);
}

describe('files and folders', () => {
  it('stand in the folders of the layout', () => {
    const tops = new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
    expect([...tops].filter((top) => !FOLDERS.includes(top ?? ''))).toEqual([]);
  });

  it('avoid names that attract anything', () => {
    const isBanned = (path: string): boolean =>
      path.split('/').some((part) => (part.split('.')[0] ?? '').split(/[-_]/u).some((word) => BANNED_WORDS.has(word)));
    expect(files.filter(isBanned)).toEqual([]);
  });

  it.each(domains())('give %s a front and, where it throws, a table of errors', (domain) => {
    const code = productFiles().filter((path) => path.startsWith(`${domain}/`) && /\.tsx?$/u.test(path));
    const isThrowing = linesWith(/\bthrow\b/u, code).length > 0;
    const wanted = [...(code.length > 0 && domain !== 'app' ? ['index.ts'] : []), ...(isThrowing ? ['errors.ts'] : [])];
    expect(code).toEqual(expect.arrayContaining(wanted.map((name) => `${domain}/${name}`)));
  });

  it('place each test at the path of what it tests', () => {
    const tests = files.filter((path) => path.startsWith('test/') && path.endsWith('.test.ts'));
    const mirrored = tests.filter((path) => !UNMIRRORED.includes(path.split('/')[1] ?? ''));
    expect(mirrored.filter((test) => !sourcesOf(test).some((source) => files.includes(source)))).toEqual([]);
  });

  it('keep tests out of the product and code out of the root', () => {
    const strayTests = files.filter((path) => /\.(?:test|spec)\.[a-z]+$/u.test(path) && !path.startsWith('test/'));
    const rootCode = codeFiles().filter(
      (path) => dirname(path) === '.' && !/config\.ts$|^\.dependency-cruiser\.mjs$/u.test(path),
    );
    expect([...strayTests, ...rootCode]).toEqual([]);
  });

  it('hold no file over 5 MB', () => {
    const allowed = (path: string): boolean => path.endsWith('.parquet');
    expect(files.filter((path) => !allowed(path) && Buffer.byteLength(readText(path)) > 5_000_000)).toEqual([]);
  });
});

describe('code', () => {
  const product = productFiles();

  it('reads the clock of the machine only in core/clock.ts', () => {
    const readers = product.filter((path) => path !== 'core/clock.ts' && !path.startsWith('app/build/'));
    expect(linesWith(/\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b/u, readers)).toEqual([]);
  });

  it('reads the environment only in app/config/', () => {
    const readers = product.filter((path) => !path.startsWith('app/config/'));
    const imported = /import[^;]*\benv\b[^;]*from 'node:process'/u;
    expect([...linesWith(/\bprocess\.env\b|\bprocess\['env'\]/u, readers), ...linesWith(imported, readers)]).toEqual([]);
  });

  it('throws errors of its tables, not bare ones', () => {
    expect(
      linesWith(
        /\bthrow new Error\(/u,
        product.filter((path) => !/^(?:core|examples)\/|^app\/build\//u.test(path)),
      ),
    ).toEqual([]);
  });

  it('has no enums, and exports no star', () => {
    expect(linesWith(/^\s*(?:export )?(?:const )?enum \w|^export \* from/u, product)).toEqual([]);
  });

  it('focuses, skips and postpones no test', () => {
    const tests = files.filter((path) => path.endsWith('.test.ts') && path !== 'test/repo/lint.test.ts');
    expect(linesWith(/^\s*(?:it|test|describe|suite)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/u, tests)).toEqual([]);
  });
});

describe('text', () => {
  it('names no place of one machine', () => {
    const pattern = /\.\.\/shared\b|(?<![\w.\]}/-])\/(?:work|root|Users|home\/\w+)\//u;
    const texts = files.filter(
      (path) => isText(path) && path !== 'test/repo/tidy.test.ts' && basename(path) !== 'package-lock.json',
    );
    expect(linesWith(pattern, texts)).toEqual([]);
  });

  it('ends in one line break and holds no tabs or conflict marks', () => {
    const texts = files.filter((path) => isText(path) && /\.(?:tsx?|mjs|md|json|ya?ml|css|html|svg)$/u.test(path));
    const unended = texts.filter((path) => readText(path) !== '' && !/[^\n]\n$/u.test(readText(path)));
    expect([...unended, ...linesWith(/^(?:<{7}|>{7}) /u, texts)]).toEqual([]);
  });
});
