import { describe, expect, it } from 'vitest';
import { errorFiles, loadErrorTables } from '../../../app/docs/error-tables.ts';
import { ROOT, readText } from '../../support/repository.ts';

const tables = await loadErrorTables(ROOT);
const codes = tables.flatMap(({ folder, table }) => Object.entries(table).map(([code, spec]) => ({ folder, code, spec })));

/** `runtime/brokers` names its failures BROKER_… (the last word, in the singular). */
function prefixOf(folder: string): string {
  const word = folder.split('/').at(-1) ?? folder;
  return `${word.replace(/s$/u, '').replaceAll('-', '_').toUpperCase()}_`;
}

describe('the tables of errors', () => {
  it('are one a file', () => {
    expect(tables.map(({ folder }) => `${folder}/errors.ts`)).toEqual(errorFiles(ROOT));
  });

  it.each(tables)('$folder: the table and its codes carry the prefix of the folder', ({ folder, exportName, table }) => {
    expect(exportName).toBe(`${prefixOf(folder)}ERRORS`);
    expect(Object.keys(table).filter((code) => !code.startsWith(prefixOf(folder)) || !/^[A-Z][A-Z0-9_]+$/u.test(code))).toEqual(
      [],
    );
  });

  it('use each code once', () => {
    const all = codes.map(({ code }) => code);
    expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
  });

  it('give every code a status of a failure and a sentence', () => {
    const isRight = ({ spec }: (typeof codes)[number]): boolean =>
      spec.status >= 400 && spec.status < 600 && /^[A-Z“‘`].{15,}\.$/u.test(spec.doc);
    expect(codes.filter((entry) => !isRight(entry))).toEqual([]);
  });

  it('stand in docs/reference/errors.md, all and no others', () => {
    const documented = [...readText('docs/reference/errors.md').matchAll(/^\| `([A-Z0-9_]+)` \|/gmu)].map(([, code]) => code);
    expect(documented).toEqual(codes.map(({ code }) => code));
  });
});
