import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ValidateOptions, validateCommand } from '../../../app/cli/validate.ts';
import { writeWorkspace } from '../config/workspace-fixture.ts';

async function validate(options: ValidateOptions): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const output = {
    write(part: string): void {
      text += part;
    },
  };
  const code = await validateCommand({ environment: {}, ...options }, output);
  return { code, text };
}

describe('validateCommand', () => {
  it('sums up a sound workspace, aligned, and returns 0', async () => {
    const folder = await writeWorkspace();
    expect(await validate({ workspace: '.', folder })).toEqual({
      code: 0,
      text: `contract  bought     version 1, BACKWARD, 3 fields, 0 tagged as PII, owner shop
contract  predicted  version 1, BACKWARD, 1 field, 0 tagged as PII, owner shop
view      purchases  2 features of bought by customer, owner data
pipeline  again      shop → predictions, scores bought, model again, owner data
model     again      2 inputs, logistic-regression, owner data
replay    year       data/year.parquet → shop

small (.) is sound: 6 objects
`,
    });
  });

  it('shows each problem with its line and a caret, and returns 1', async () => {
    const folder = await writeWorkspace([
      { file: 'models/again.yaml', replace: 'count_30d', by: 'count_3d' },
      { file: 'features/purchases.yaml', replace: 'granularity', by: 'granularty' },
    ]);
    expect(await validate({ workspace: folder, folder: join(folder, '..') })).toEqual({
      code: 1,
      text: expect.stringMatching(
        /^throughline-test-\w+\/features\/purchases\.yaml:7:1 {2}'granularty' is not a property here; did you mean granularity\?\n {4}7 \| granularty: 1d\n {6}\| \^\n\n1 problem\n$/u,
      ) as string,
    });
  });

  it('puts the caret under the place', async () => {
    const folder = await writeWorkspace([{ file: 'models/again.yaml', replace: 'count_30d', by: 'count_3d' }]);
    const { text } = await validate({ workspace: folder, folder });
    expect(
      text,
    ).toBe(`./models/again.yaml:5:14  input purchases.count_3d is not a feature of any view; did you mean purchases.count_30d?
    5 |   - feature: purchases.count_3d
      |              ^

1 problem
`);
  });

  it('cuts long lines around the place, and lets no control character through', async () => {
    const padding = ' '.repeat(300);
    const folder = await writeWorkspace([
      { file: 'replay.yaml', replace: 'topic: shop', by: `topic:${padding}"sh\u0085op"` },
      { file: 'workspace.yaml', replace: 'name: small', by: 'name: "small\\e[31m"' },
    ]);
    const { text } = await validate({ workspace: folder, folder });
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    for (const line of text.split('\n').filter((candidate) => candidate.includes(' | ')))
      expect(line.length).toBeLessThanOrEqual(130);
    expect(text).toMatch(/\| {60}\^/u);
  });

  it('says what to do where there is no workspace', async () => {
    const folder = await writeWorkspace();
    expect(await validate({ workspace: 'nowhere', folder })).toEqual({
      code: 1,
      text: 'nowhere  there is no such folder; name one with --workspace, THROUGHLINE_WORKSPACE or workspace in throughline.yaml\n\n1 problem\n',
    });
  });

  it('answers in JSON as well', async () => {
    const folder = await writeWorkspace([{ file: 'models/again.yaml', replace: 'count_30d', by: 'count_3d' }]);
    const { code, text } = await validate({ workspace: folder, folder, format: 'json' });
    expect(code).toBe(1);
    expect(JSON.parse(text)).toEqual({
      ok: false,
      folder: '.',
      problems: [
        {
          file: 'models/again.yaml',
          line: 5,
          column: 14,
          pointer: '/inputs/0/feature',
          message: 'input purchases.count_3d is not a feature of any view',
          hint: 'did you mean purchases.count_30d?',
          sourceLine: '  - feature: purchases.count_3d',
        },
      ],
    });
    const sound = await validate({ workspace: await writeWorkspace(), folder, format: 'json' });
    expect(JSON.parse(sound.text)).toMatchObject({ ok: true, workspace: 'small' });
  });

  it('refuses another format', async () => {
    await expect(validate({ format: 'xml' })).rejects.toMatchObject({
      code: 'CONFIG_SETTINGS_INVALID',
      message: "--format is 'xml'; write text or json",
    });
  });
});
