import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { codeFiles, ROOT, readText, withFolder } from '../support/repository.ts';

interface Diagnostic {
  readonly code?: string;
  readonly message: string;
  readonly filename: string;
}

function lint(folder: string): readonly Diagnostic[] {
  const args = ['--type-aware', '--deny-warnings', '--report-unused-disable-directives', '-f', 'json'];
  const { stdout } = spawnSync(`${ROOT}/node_modules/.bin/oxlint`, args, { cwd: folder, encoding: 'utf8' });
  return (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
}

function repeat(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_none, index) => line(index)).join('\n');
}

function functionOf(lines: number): string {
  return `export function long(): number[] {\n  const all: number[] = [];\n${repeat(lines - 4, (i) => `  all.push(${i});`)}\n  return all;\n}\n`;
}

function branches(count: number): string {
  return `export function branchy(n: number): number {\n${repeat(count, (i) => `  if (n === ${i}) return ${i};`)}\n  return -1;\n}\n`;
}

const PROMISE = 'async function later(): Promise<number> {\n  return await Promise.resolve(1);\n}\n';

/** Each a file that breaks one rule: path, text, rule. */
const PLANTS = [
  ['core/file-too-long.ts', repeat(301, (i) => `export const a${i} = ${i};`), 'eslint(max-lines)'],
  ['test/core/file-too-long.test.ts', repeat(301, (i) => `export const a${i} = ${i};`), 'eslint(max-lines)'],
  ['core/function-too-long.ts', functionOf(61), 'eslint(max-lines-per-function)'],
  ['core/too-branchy.ts', branches(10), 'eslint(complexity)'],
  [
    'core/too-deep.ts',
    'export function deep(n: number): number {\n  for (;;) {\n    if (n > 1) {\n      while (n > 2) {\n        if (n > 3) return n;\n      }\n    }\n  }\n}\n',
    'eslint(max-depth)',
  ],
  [
    'core/too-many-params.ts',
    'export function f(a: number, b: number, c: number, d: number) {\n  return a + b + c + d;\n}\n',
    'eslint(max-params)',
  ],
  ['core/floating.ts', `${PROMISE}export function f(): void {\n  later();\n}\n`, 'typescript(no-floating-promises)'],
  ['core/floating-void.ts', `${PROMISE}export function f(): void {\n  void later();\n}\n`, 'typescript(no-floating-promises)'],
  ['core/misused.ts', `${PROMISE}setTimeout(async () => {\n  await later();\n}, 1);\n`, 'typescript(no-misused-promises)'],
  ['core/any-written.ts', 'export const a: any = 1;\n', 'typescript(no-explicit-any)'],
  ['core/any-flows.ts', 'export const a: { b: number } = JSON.parse("1");\n', 'typescript(no-unsafe-assignment)'],
  ['core/non-null.ts', 'export const f = (a?: string): number => a!.length;\n', 'typescript(no-non-null-assertion)'],
  ['core/ignored.ts', "// @ts-ignore\nexport const a: number = '1';\n", 'typescript(ban-ts-comment)'],
  ['core/expected.ts', "// @ts-expect-error\nexport const a: number = '1';\n", 'typescript(ban-ts-comment)'],
  [
    'core/not-exhaustive.ts',
    "export function f(kind: 'a' | 'b'): number {\n  switch (kind) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
    'typescript(switch-exhaustiveness-check)',
  ],
  [
    'core/type-as-value.ts',
    "import { Clock } from './clock.ts';\nexport type C = Clock;\n",
    'typescript(consistent-type-imports)',
  ],
  ['core/default-export.ts', 'export default 1;\n', 'import(no-default-export)'],
  ['core/NotKebab.ts', 'export const a = 1;\n', 'unicorn(filename-case)'],
  ['app/reads-time.ts', 'export const a = (): number => Date.now();\n', 'eslint(no-restricted-properties)'],
  ['app/rolls-dice.ts', 'export const a = (): number => Math.random();\n', 'eslint(no-restricted-properties)'],
  ['app/reads-env.ts', "export const a = process.env['HOME'];\n", 'node(no-process-env)'],
  ['runtime/prints.ts', "console.log('here');\n", 'eslint(no-console)'],
  ['test/core/focused.test.ts', "import { it } from 'vitest';\nit.only('a', () => {});\n", 'vitest(no-focused-tests)'],
  ['test/core/disabled.test.ts', "import { it } from 'vitest';\nit.skip('a', () => {});\n", 'vitest(no-disabled-tests)'],
  [
    'core/needless-disable.ts',
    '// oxlint-disable-next-line no-var -- planted\nexport const a = 1;\n',
    'Unused oxlint-disable directive (no problems were reported).',
  ],
] as const;

/** Files at the limits, and where the bans do not hold. */
const ALLOWED = {
  'core/clock.ts':
    'export interface Clock {\n  now(): number;\n}\nexport const systemClock: Clock = { now: () => Date.now() };\n',
  'core/file-at-limit.ts': `${repeat(300, (i) => `export const a${i} = ${i};`)}\n\n// a comment and a blank line do not count\n`,
  'core/function-at-limit.ts': functionOf(60),
  'core/branches-at-limit.ts': branches(9),
  'app/config/env.ts': "export const a = process.env['HOME'];\n",
  'app/cli/out.ts': "console.log('here');\n",
  'vitest.config.ts': 'export default {};\n',
};

describe('the lint rules', () => {
  const plants = Object.fromEntries(PLANTS.map(([path, text]) => [path, text]));
  const settings = ['.oxlintrc.json', 'package.json', 'tsconfig.json'];
  const diagnostics = withFolder({ ...plants, ...ALLOWED }, settings, lint);

  it.each(PLANTS)('catch %s', (path, _text, rule) => {
    const codes = diagnostics.filter(({ filename }) => filename === path).map((found) => `${found.code} ${found.message}`);
    expect(codes.join()).toContain(rule);
  });

  it('let through what is allowed', () => {
    expect(diagnostics.filter(({ filename }) => filename in ALLOWED)).toEqual([]);
  });

  it('are switched off nowhere without a reason', () => {
    const silenced = codeFiles().flatMap((path) =>
      readText(path)
        .split('\n')
        .filter(
          (line) => /(?:oxlint|eslint)-disable|biome-ignore/u.test(line) && !/-disable-(?:next-)?line [\w@/-]+ -- \w/u.test(line),
        )
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(silenced.filter((line) => !line.startsWith('test/repo/lint.test.ts:'))).toEqual([]);
  });
});
