import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { getuid } from 'node:process';
import { describe, expect, it } from 'vitest';
import { MANIFEST, writeGenerated } from '../../../app/cli/generated-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILES = new Map([
  ['grafana/a.json', '1\n'],
  ['grafana/b.json', '2\n'],
]);

const read = (folder: string, name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');

describe('a folder of generated files', () => {
  it('is made, and says what was written', async () => {
    const folder = path.join(await temporaryFolder(), 'new');
    expect(await writeGenerated(folder, FILES)).toEqual({ written: [...FILES.keys()], unchanged: [], removed: [] });
    expect(await read(folder, 'grafana/b.json')).toBe('2\n');
  });

  it('is brought up to date: what changed is written, what is not wanted any more is removed', async () => {
    const folder = await temporaryFolder();
    await writeGenerated(folder, FILES);
    const next = new Map([
      ['grafana/a.json', '1\n'],
      ['grafana/c.json', '3\n'],
    ]);
    expect(await writeGenerated(folder, next)).toEqual({
      written: ['grafana/c.json'],
      unchanged: ['grafana/a.json'],
      removed: ['grafana/b.json'],
    });
    expect((await readdir(path.join(folder, 'grafana'))).toSorted((a, b) => a.localeCompare(b))).toEqual(['a.json', 'c.json']);
  });

  it('keeps the files of others', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'grafana'));
    await writeFile(path.join(folder, 'grafana/mine.json'), 'mine');
    await writeGenerated(folder, FILES);
    await writeGenerated(folder, new Map());
    expect(await readdir(path.join(folder, 'grafana'))).toEqual(['mine.json']);
  });

  it('is not touched where a file that is not ours stands in the way', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'grafana'));
    await writeFile(path.join(folder, 'grafana/b.json'), 'mine');
    await expect(writeGenerated(folder, FILES)).rejects.toThrow(
      `nothing was written: in ${folder}, grafana/b.json is not as this command wrote it. Move it away, or choose another folder with --out.`,
    );
    expect(await readdir(path.join(folder, 'grafana'))).toEqual(['b.json']);
    expect(await read(folder, 'grafana/b.json')).toBe('mine');
  });

  it('is not touched where somebody changed one of our files, be it wanted or not', async () => {
    const folder = await temporaryFolder();
    await writeGenerated(folder, FILES);
    await writeFile(path.join(folder, 'grafana/a.json'), 'changed');
    await expect(writeGenerated(folder, new Map([['grafana/a.json', '4\n']]))).rejects.toMatchObject({
      code: 'APP_OUTPUT_FOREIGN',
    });
    expect(await writeGenerated(folder, new Map())).toMatchObject({ removed: ['grafana/b.json'] });
    expect(await read(folder, 'grafana/a.json')).toBe('changed');
  });

  it('takes no file for its own where the list of them is gone or damaged', async () => {
    const folder = await temporaryFolder();
    await writeGenerated(folder, FILES);
    await rm(path.join(folder, MANIFEST));
    expect(await writeGenerated(folder, FILES)).toMatchObject({ written: [], unchanged: [...FILES.keys()] });
    await writeFile(path.join(folder, MANIFEST), '{"grafana/a.json"');
    await expect(writeGenerated(folder, new Map([['grafana/a.json', '4\n']]))).rejects.toMatchObject({
      code: 'APP_OUTPUT_FOREIGN',
    });
  });

  it('says why where it cannot be written', async () => {
    const parent = await temporaryFolder();
    await writeFile(path.join(parent, 'file'), '');
    const error = writeGenerated(path.join(parent, 'file', 'out'), FILES);
    await expect(error).rejects.toMatchObject({ code: 'APP_OUTPUT_UNWRITABLE' });
    await expect(error).rejects.toThrow(/cannot be written: .*ENOTDIR.*--out/u);
  });

  it.skipIf(getuid?.() === 0)('says so of a folder that others own', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o500);
    await expect(writeGenerated(folder, FILES)).rejects.toThrow(/EACCES/u);
  });
});
