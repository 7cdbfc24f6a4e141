import { describe, expect, it } from 'vitest';
import { TABLES } from '#core';
import { productFiles, readText } from '../../support/repository.ts';

const files = productFiles().filter((path) => path.startsWith('runbooks/diagnosis/'));
const tables: ReadonlySet<string> = new Set(Object.keys(TABLES));

describe('what a diagnosis knows', () => {
  it('is told by no import but the kernel and its own files: nothing of the app, nothing of a drill', () => {
    expect(files.length).toBeGreaterThan(25);
    const imports = files.flatMap((path) =>
      [...readText(path).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/gu)].map(([, target = '']) => [path, target] as const),
    );
    const isOwn = ([path, target]: readonly [string, string]): boolean => {
      if (target === '#core') return true;
      const depth = path.split('/').length - 3;
      return target.startsWith('.') && target.split('../').length - 1 <= depth;
    };
    expect(imports.length).toBeGreaterThan(files.length);
    expect(imports.filter((one) => !isOwn(one))).toEqual([]);
  });

  it('is read from the telemetry store: it opens no file, no socket, no process, and reads no table but those of the product', () => {
    const sources = files.map((path) => [path, readText(path)] as const);
    const reads = sources.flatMap(([path, text]) =>
      [...text.matchAll(/\b(?:FROM|(?<!ARRAY )JOIN)\s+(?!\()([^\s,)`]+)/gu)].map(([, table = '']) => [path, table] as const),
    );
    const isKnown = ([path, table]: readonly [string, string]): boolean => {
      const [, key] = /^\$\{TABLES\.(\w+)\}$/u.exec(table) ?? [];
      if (key !== undefined) return tables.has(key);
      if (/^\$\{(?:table|STATEMENT|one)\}$/u.test(table)) return true;
      // A name that a WITH of the same file gives.
      return new RegExp(`\\b${table} AS \\(`, 'u').test(readText(path));
    };
    expect(reads.length).toBeGreaterThan(20);
    expect(reads.filter((one) => !isKnown(one))).toEqual([]);
    const worded = sources.filter(([, text]) => /drill|process\.|node:|fetch\(|Date\.now/u.test(text)).map(([path]) => path);
    expect(worded).toEqual([]);
  });
});
