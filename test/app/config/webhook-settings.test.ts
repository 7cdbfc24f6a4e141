import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadSettings, type Settings } from '../../../app/config/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const ENVIRONMENT = { HOOK_SECRET: SECRET };

async function load(items: readonly string[], environment: Readonly<Record<string, string>> = ENVIRONMENT): Promise<Settings> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'throughline.yaml'), ['webhooks:', ...items.map((item) => `  - ${item}`)].join('\n'));
  return loadSettings({ environment, folder });
}

async function complaintsOf(...given: Parameters<typeof load>): Promise<readonly string[]> {
  const failure: unknown = await load(...given).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'CONFIG_SETTINGS_INVALID' });
  return failure instanceof Error ? failure.message.split('\n') : [];
}

const hook = (rest: string): string => `{ name: trainer, url: 'https://example.com/hook', secretFrom: HOOK_SECRET${rest} }`;
const at = (url: string, rest = ''): string => `{ name: trainer, url: '${url}', secretFrom: HOOK_SECRET${rest} }`;

describe('webhooks in throughline.yaml', () => {
  it('are read with their defaults, and with all that can be said', async () => {
    const all =
      ', types: [throughline.drift.detected, throughline.retraining.requested], from: start, timeout: 500ms, giveUpAfter: 1h';
    const other = `{ name: other, url: 'http://127.0.0.1:9/x', secretFrom: THROUGHLINE_HOOK_SECRET${all} }`;
    const environment = { ...ENVIRONMENT, THROUGHLINE_HOOK_SECRET: SECRET };
    const { webhooks } = await load([hook(''), other], environment);
    expect(webhooks).toMatchObject({ origin: 'file', from: 'throughline.yaml:2:3' });
    expect(webhooks.value).toEqual([
      {
        name: 'trainer',
        url: 'https://example.com/hook',
        types: undefined,
        keys: expect.anything(),
        from: 'end',
        timeoutMs: 15_000,
        giveUpAfterMs: 3 * 86_400_000,
      },
      {
        name: 'other',
        url: 'http://127.0.0.1:9/x',
        types: ['throughline.drift.detected', 'throughline.retraining.requested'],
        keys: expect.anything(),
        from: 'start',
        timeoutMs: 500,
        giveUpAfterMs: 3_600_000,
      },
    ]);
    expect(inspect(webhooks, { depth: 9 }) + JSON.stringify(webhooks)).not.toContain(SECRET.slice(6, 20));
  });

  it.each(['http://localhost:8080/a', 'http://[::1]/a', 'http://127.9.9.9/a', 'https://10.0.0.1/a'])(
    'may be sent to %s',
    async (url) => {
      expect((await load([at(url)])).webhooks.value[0]?.url).toBe(url);
    },
  );

  it('may be sent to another machine in the clear where that is said', async () => {
    expect((await load([at('http://10.0.0.1/a', ', allowInsecure: true')])).webhooks.value).toHaveLength(1);
  });

  it.each([
    [
      at('http://10.0.0.1/a'),
      'throughline.yaml:2:27: url is http to another machine (10.0.0.1), and what is sent can be read on the way; use https, or say allowInsecure: true where the way there is safe',
    ],
    [
      at('ftp://example.com'),
      "throughline.yaml:2:27: url must be an address such as https://example.com/hooks/throughline, but is 'ftp://example.com'",
    ],
    [
      at('https://me:hidden@example.com'),
      'throughline.yaml:2:27: url holds a user or a password, which would be sent and shown; what is sent is signed, so leave them out',
    ],
    [
      hook(', types: [throughline.drift.detcted]'),
      expect.stringMatching(
        /^throughline\.yaml:2:88: webhooks\[0\]\.types\[0\] must be one of throughline\.contract\.registered, .* but is "throughline\.drift\.detcted"; did you mean throughline\.drift\.detected\?$/u,
      ),
    ],
    [
      "{ name: trainer, url: 'https://example.com' }",
      expect.stringMatching(/webhooks\[0\] must have the property 'secretFrom'; add it: Name of the environment variable/u),
    ],
    [hook(', secret: whsec_x'), expect.stringMatching(/'secret' is not a property in webhooks\[0\]/u)],
    [hook(', timeout: 10'), expect.stringMatching(/webhooks\[0\]\.timeout must be text but is 10/u)],
    [
      "{ name: trainer, url: 'https://example.com', secretFrom: NONE }",
      'throughline.yaml:2:62: secretFrom names the environment variable NONE, which is not set; set it, with: export NONE="whsec_$(openssl rand -base64 32)"',
    ],
  ])('refuses %s', async (item, complaint) => {
    expect(await complaintsOf([item])).toEqual([complaint]);
  });

  it('refuses a secret without showing it', async () => {
    const [complaint, ...others] = await complaintsOf([hook('')], { HOOK_SECRET: 'hidden-but-wrong' });
    expect(others).toEqual([]);
    expect(complaint).toMatch(
      /what the environment variable HOOK_SECRET holds cannot be used: the secret does not begin with whsec_/u,
    );
    expect(complaint).not.toContain('hidden-but-wrong');
  });

  it('need names of their own', async () => {
    expect(await complaintsOf([hook(''), hook('')])).toEqual([
      'throughline.yaml:3:13: another webhook is called trainer, too; give each a name of its own',
    ]);
  });

  it('have no flag and no variable', async () => {
    const failure = loadSettings({ environment: { THROUGHLINE_WEBHOOKS: 'x' }, folder: await temporaryFolder() });
    await expect(failure).rejects.toThrow('THROUGHLINE_WEBHOOKS is not a setting');
  });
});
