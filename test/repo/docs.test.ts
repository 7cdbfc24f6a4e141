import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readText, repositoryFiles } from '../support/repository.ts';

type Layers = Readonly<Record<string, readonly string[] | string>>;

/** Rows of the table headed `| folder | may import |`: folder to the cell beside it. */
function layerTable(markdown: string): Readonly<Record<string, string>> {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) => /^\|\s*folder\s*\|\s*may import\s*\|$/iu.test(line.trim()));
  if (head === -1) return {};
  const rows = lines.slice(head + 2);
  const end = rows.findIndex((line) => !line.trim().startsWith('|'));
  const cells = rows.slice(0, end === -1 ? undefined : end).map((line) =>
    line
      .replaceAll('`', '')
      .split('|')
      .map((cell) => cell.trim()),
  );
  return Object.fromEntries(cells.map(([, folder = '', imports = '']) => [folder.replace(/\/$/u, ''), imports]));
}

function inWords(allowed: readonly string[] | string): string {
  if (typeof allowed === 'string') return allowed;
  return allowed.length === 0 ? 'nothing' : allowed.join(', ');
}

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  const text = heading.replaceAll(/[`*]|\[([^\]]*)\]\([^)]*\)/gu, '$1').toLowerCase();
  return text.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

function anchorsIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gmsu, '');
  return [...prose.matchAll(/^#{1,6} (.+)$/gmu)].map(([, heading = '']) => anchorOf(heading.trim()));
}

/** Links of a document to files here: `[text](path#anchor)` and images; not code, not the web. */
function linksIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gmsu, '').replaceAll(/`[^`\n]*`/gu, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/gu)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/u.test(target));
}

/** Why a link leads nowhere, or undefined. */
function brokenBecause(document: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : join(dirname(document), decodeURI(path));
  if (!existsSync(join(ROOT, target))) return `${document}: ${link} leads to no file`;
  if (anchor === undefined || !target.endsWith('.md')) return undefined;
  return anchorsIn(readText(target)).includes(anchor) ? undefined : `${document}: ${link} leads to no heading`;
}

describe('the documents', () => {
  const documents = repositoryFiles().filter((path) => path.endsWith('.md'));

  it('link to files and headings that exist', () => {
    const broken = documents.flatMap((path) => linksIn(readText(path)).map((link) => brokenBecause(path, link)));
    expect(broken.filter((reason) => reason !== undefined)).toEqual([]);
  });

  it('are caught when a link leads nowhere', () => {
    const planted = '[a](nowhere.md) [b](CONTRIBUTING.md#no-such-heading) [c](https://example.org) `[d](code.md)`\n';
    expect(linksIn(planted).map((link) => brokenBecause('README.md', link))).toEqual([
      'README.md: nowhere.md leads to no file',
      'README.md: CONTRIBUTING.md#no-such-heading leads to no heading',
    ]);
  });

  it('give the same layers in ARCHITECTURE.md and layers.json', () => {
    const { layers } = JSON.parse(readText('layers.json')) as { readonly layers: Layers };
    const wanted = Object.fromEntries(Object.entries(layers).map(([folder, allowed]) => [folder, inWords(allowed)]));
    expect(layerTable(readText('ARCHITECTURE.md'))).toEqual(wanted);
  });

  it('name files in ARCHITECTURE.md that exist, and a test for each invariant', () => {
    const text = readText('ARCHITECTURE.md');
    const paths = [...text.matchAll(/`((?:core|registry|runtime|drift|app|test|docs|examples)\/[^`\s]*)`/gu)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const invariants = text.slice(text.indexOf('## Invariants')).split('\n## ')[0] ?? '';
    const rows = invariants.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Invariant'));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !row.includes('`test/'))).toEqual([]);
  });
});
