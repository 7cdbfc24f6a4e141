import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSettings, type SettingFlags } from '../../../app/config/index.ts';
import { ROOT } from '../../support/repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function complaintsOf(sources: Parameters<typeof loadSettings>[0]): Promise<readonly string[]> {
  const failure: unknown = await loadSettings(sources).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: 'CONFIG_SETTINGS_INVALID' });
  return failure instanceof Error ? failure.message.split('\n') : [];
}

async function folderWith(text: string, file = 'throughline.yaml'): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, file, '..'), { recursive: true });
  await writeFile(join(folder, file), text);
  return folder;
}

describe('loadSettings', () => {
  it('has a default for everything, and says so', async () => {
    const folder = await temporaryFolder();
    expect(await loadSettings({ environment: {}, folder })).toEqual({
      workspace: { value: join(ROOT, 'examples/retail'), origin: 'default', from: 'the default' },
      data: { value: join(folder, '.throughline'), origin: 'default', from: 'the default' },
      host: { value: '127.0.0.1', origin: 'default', from: 'the default' },
      port: { value: 7070, origin: 'default', from: 'the default' },
      clickhouse: { value: { kind: 'embedded' }, origin: 'default', from: 'the default' },
      traceRatio: { value: 0.01, origin: 'default', from: 'the default' },
      otlp: { value: undefined, origin: 'default', from: 'the default' },
      publicUrl: { value: undefined, origin: 'default', from: 'the default' },
      notifications: { value: [], origin: 'default', from: 'the default' },
      webhooks: { value: [], origin: 'default', from: 'the default' },
    });
  });

  it('takes flag over environment over file over default, for any choice of them', async () => {
    const folder = await temporaryFolder();
    const port = fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(port, port, port, async (flag, variable, inFile) => {
        await writeFile(join(folder, 'throughline.yaml'), inFile === undefined ? 'data: d\n' : `data: d\nport: ${inFile}\n`);
        const flags: SettingFlags = flag === undefined ? {} : { port: String(flag) };
        const environment = variable === undefined ? {} : { THROUGHLINE_PORT: String(variable) };
        const settings = await loadSettings({ flags, environment, folder });
        const candidates = [
          { value: flag, origin: 'flag', from: '--port' },
          { value: variable, origin: 'environment', from: 'THROUGHLINE_PORT' },
          { value: inFile, origin: 'file', from: 'throughline.yaml:2:7' },
          { value: 7070, origin: 'default', from: 'the default' },
        ];
        expect(settings.port).toEqual(candidates.find(({ value }) => value !== undefined));
        expect(settings.data).toMatchObject({ value: join(folder, 'd'), origin: 'file' });
      }),
    );
  });

  it('reads paths of the file relative to the file, others relative to the current folder', async () => {
    const folder = await folderWith('data: d\nworkspace: w\n', 'deep/own.yaml');
    const settings = await loadSettings({ flags: { settings: 'deep/own.yaml', workspace: 'f' }, environment: {}, folder });
    expect(settings.data).toEqual({ value: join(folder, 'deep/d'), origin: 'file', from: 'deep/own.yaml:1:7' });
    expect(settings.workspace.value).toBe(join(folder, 'f'));
    const named = await loadSettings({ environment: { THROUGHLINE_SETTINGS: join(folder, 'deep/own.yaml') }, folder: ROOT });
    expect(named.data.value).toBe(join(folder, 'deep/d'));
  });

  it('takes an empty variable for none', async () => {
    const folder = await temporaryFolder();
    const settings = await loadSettings({ environment: { THROUGHLINE_PORT: '', THROUGHLINE_SETTINGS: '' }, folder });
    expect(settings.port.origin).toBe('default');
  });

  it('is frozen, each value too', async () => {
    const settings = await loadSettings({ environment: {}, folder: await temporaryFolder() });
    expect([settings, ...Object.values(settings)].every((value) => Object.isFrozen(value))).toBe(true);
  });

  it.each([
    ['embedded', { kind: 'embedded' }],
    ['off', { kind: 'off' }],
    [
      'http://a:b@127.0.0.1:8123/tl',
      { kind: 'server', address: { database: 'tl', endpoint: { url: 'http://127.0.0.1:8123', username: 'a' } } },
    ],
  ])('keeps telemetry in %s', async (clickhouse, value) => {
    const settings = await loadSettings({ environment: { THROUGHLINE_CLICKHOUSE: clickhouse }, folder: await temporaryFolder() });
    expect(settings.clickhouse).toMatchObject({ value, origin: 'environment', from: 'THROUGHLINE_CLICKHOUSE' });
  });

  it('reads names of two words as flag, variable and key', async () => {
    const folder = await folderWith('traceRatio: 0.5\n');
    expect((await loadSettings({ environment: {}, folder })).traceRatio).toMatchObject({ value: 0.5, origin: 'file' });
    const environment = { THROUGHLINE_TRACE_RATIO: '1' };
    expect((await loadSettings({ environment, folder })).traceRatio.from).toBe('THROUGHLINE_TRACE_RATIO');
    expect((await loadSettings({ flags: { traceRatio: '0' }, environment, folder })).traceRatio).toEqual({
      value: 0,
      origin: 'flag',
      from: '--trace-ratio',
    });
  });

  it.each([
    [{ clickhouse: 'on' }, /--clickhouse: The setting `clickhouse` is `embedded`, `off`, or the URL of a server/u],
    [{ traceRatio: '2' }, /--trace-ratio must be a share from 0 to 1, such as 0.01, but is '2'/u],
    [{ otlp: 'ftp://x' }, /--otlp must be an address such as/u],
  ])('refuses %j with a sentence', async (flags, sentence) => {
    expect(await complaintsOf({ flags, environment: {}, folder: await temporaryFolder() })).toEqual([
      expect.stringMatching(sentence),
    ]);
  });

  it.each(['localhost', '::1', '127.0.0.1', '127.8.9.250'])('listens on %s', async (host) => {
    const settings = await loadSettings({ flags: { host }, environment: {}, folder: await temporaryFolder() });
    expect(settings.host).toEqual({ value: host, origin: 'flag', from: '--host' });
  });

  it.each<[string, SettingFlags, Readonly<Record<string, string>>, string]>([
    [
      'another host',
      { host: '0.0.0.0' },
      {},
      "--host is '0.0.0.0', which other machines can reach, and authentication is not there yet; use 127.0.0.1 (and a tunnel from elsewhere)",
    ],
    [
      'a name that looks like loopback',
      { host: '127.0.0.1.example.com' },
      {},
      "--host is '127.0.0.1.example.com', which other machines can reach, and authentication is not there yet; use 127.0.0.1 (and a tunnel from elsewhere)",
    ],
    ['a port that is none', { port: '70700' }, {}, "--port must be a port, a whole number from 0 to 65535, but is '70700'"],
    [
      'a negative port',
      {},
      { THROUGHLINE_PORT: '-1' },
      "THROUGHLINE_PORT must be a port, a whole number from 0 to 65535, but is '-1'",
    ],
    ['an empty folder', { data: '' }, {}, '--data is empty; give a folder, or leave it out'],
    ['a misspelt variable', {}, { THROUGHLINE_PROT: '1' }, 'THROUGHLINE_PROT is not a setting; did you mean THROUGHLINE_PORT?'],
    [
      'an unknown variable',
      {},
      { THROUGHLINE_COLOUR: 'red' },
      'THROUGHLINE_COLOUR is not a setting; known are THROUGHLINE_WORKSPACE, THROUGHLINE_DATA, THROUGHLINE_HOST, THROUGHLINE_PORT, THROUGHLINE_CLICKHOUSE, THROUGHLINE_TRACE_RATIO, THROUGHLINE_OTLP, THROUGHLINE_PUBLIC_URL, THROUGHLINE_SETTINGS',
    ],
    [
      'a file that is not there',
      { settings: 'x.yaml' },
      {},
      '--settings names x.yaml, but there is no such file; write it, or leave --settings out',
    ],
    [
      'a file that is not there, by variable',
      {},
      { THROUGHLINE_SETTINGS: 'x.yaml' },
      'THROUGHLINE_SETTINGS names x.yaml, but there is no such file; write it, or leave THROUGHLINE_SETTINGS out',
    ],
  ])('refuses %s', async (...[, flags, environment, complaint]) => {
    expect(await complaintsOf({ flags, environment, folder: await temporaryFolder() })).toEqual([complaint]);
  });

  it.each([
    ['prot: 1\n', ["throughline.yaml:1:1: 'prot' is not a property here; did you mean port?"]],
    ["port: '7070'\n", ['throughline.yaml:1:7: port must be a whole number but is "7070"']],
    [
      'data: 1\nport: -1\n',
      ['throughline.yaml:1:7: data must be text but is 1', 'throughline.yaml:2:7: port must be >= 0 but is -1'],
    ],
    [
      'host: 10.0.0.1\n',
      [
        "throughline.yaml:1:7 is '10.0.0.1', which other machines can reach, and authentication is not there yet; use 127.0.0.1 (and a tunnel from elsewhere)",
      ],
    ],
    ['', ['throughline.yaml: the file is empty; write its object, or delete it']],
  ])('refuses the file %j', async (text, complaints) => {
    expect(await complaintsOf({ environment: {}, folder: await folderWith(text) })).toEqual(complaints);
  });

  it('tells everything at once', async () => {
    const complaints = await complaintsOf({
      flags: { port: 'x' },
      environment: { THROUGHLINE_DAT: 'y' },
      folder: await folderWith('prot: 1\n'),
    });
    expect(complaints).toHaveLength(3);
  });
});
