import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Health } from '#core';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ThroughlineProcess } from '../support/throughline-process.ts';

/** What a user meets when something is wrong: a sentence, what to do, a non-zero exit, nothing lost. By real processes. */

const RETAIL = path.join(import.meta.dirname, '../../examples/retail');

/** Without telemetry, where the flags do not say otherwise: what is tested here comes before it. */
function start(flags: readonly string[], options?: ConstructorParameters<typeof ThroughlineProcess>[1]): ThroughlineProcess {
  const telemetry = flags.includes('--clickhouse') ? [] : ['--clickhouse', 'off'];
  const run = new ThroughlineProcess(['start', ...flags, ...telemetry], options);
  onTestFinished(async () => void (await run.kill()));
  return run;
}

/** A copy of the retail workspace with one file changed. */
async function changedWorkspace(file: string, from: string, to: string): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'workspace');
  await cp(RETAIL, folder, { recursive: true });
  const text = await readFile(path.join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(path.join(folder, file), text.replace(from, to));
  return folder;
}

describe('starting', () => {
  test('a data folder in use says by which process, and leaves that one alone', async () => {
    const data = path.join(await temporaryFolder(), 'data');
    const owner = start(['--data', data, '--port', '0']);
    await owner.until(/Throughline retail/u);
    const { code, output } = await start(['--data', data, '--port', '0']).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/BROKER_FOLDER_IN_USE/u);
    expect(output).toContain(`pid ${owner.child.pid}`);
    expect(output).toMatch(/Stop that process, or give this one another folder/u);
    const stopped = await owner.interrupt();
    expect(stopped, stopped.output).toMatchObject({ code: 0 });
  });

  test('a port that was asked for and is taken is refused, by flag, environment and file', async () => {
    const folder = await temporaryFolder();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => taken.close(() => resolve())));
    const address = taken.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    await writeFile(path.join(folder, 'throughline.yaml'), `port: ${port}\n`);
    const runs = [
      start(['--data', path.join(folder, 'a'), '--port', port]),
      start(['--data', path.join(folder, 'b')], { environment: { THROUGHLINE_PORT: port } }),
      start(['--data', path.join(folder, 'c'), '--settings', path.join(folder, 'throughline.yaml')]),
    ];
    for (const run of runs) {
      const { code, output } = await run.ended;
      expect(code).toBe(1);
      expect(output).toContain(`port ${port} on 127.0.0.1 is taken by another program: stop it, or ask for another port`);
    }
  });

  test('a broken workspace file gives file, line and what was expected', async () => {
    const workspace = await changedWorkspace('features/cancellations.yaml', 'aggregate: count', 'aggregate: counts');
    const { code, output } = await start(['--workspace', workspace, '--data', path.join(workspace, 'data')]).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/features\/cancellations\.yaml:\d+:\d+/u);
    expect(output).toMatch(/count/u);
  });

  test('a model whose inputs no view serves is refused, with the line', async () => {
    const workspace = await changedWorkspace(
      'models/repurchase.yaml',
      'purchase_history.purchases_7d',
      'purchase_history.purchases_8d',
    );
    const { code, output } = await start(['--workspace', workspace, '--data', path.join(workspace, 'data')]).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/models\/repurchase\.yaml:\d+:\d+.*purchases_8d.*did you mean purchase_history\.purchases_7d/u);
  });

  test('feature views changed under stored state are refused, and --fresh begins anew', async () => {
    const workspace = await changedWorkspace('workspace.yaml', 'retail', 'retail');
    const data = path.join(workspace, 'data');
    const first = start(['--workspace', workspace, '--data', data, '--port', '0']);
    await first.until(/Throughline retail/u);
    await first.interrupt();
    const view = path.join(workspace, 'features/cancellations.yaml');
    await writeFile(view, (await readFile(view, 'utf8')).replaceAll('window: 60d', 'window: 30d'));
    const { code, output } = await start(['--workspace', workspace, '--data', data, '--port', '0']).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/RUNTIME_STATE_MISMATCH.*the feature views of pipeline repurchase changed.*--fresh/u);
    const anew = start(['--workspace', workspace, '--data', data, '--port', '0', '--fresh']);
    await anew.until(/Throughline retail/u);
    expect(await anew.interrupt()).toMatchObject({ code: 0 });
  });

  test('--fresh removes nothing but what is ours', async () => {
    const data = path.join(await temporaryFolder(), 'data');
    const first = start(['--data', data, '--port', '0']);
    await first.until(/Throughline retail/u);
    await first.interrupt();
    await writeFile(path.join(data, 'letter.txt'), 'dear');
    const anew = start(['--data', data, '--port', '0', '--fresh']);
    await anew.until(/Throughline retail/u);
    await anew.interrupt();
    expect(await readFile(path.join(data, 'letter.txt'), 'utf8')).toBe('dear');
  });

  test('a disk that takes no more stops the line with a sentence, and once there is room it goes on from what was durable', async () => {
    const data = path.join(await temporaryFolder(), 'data');
    const limited = start(['--data', data, '--port', '0', '--once', '--clickhouse', 'embedded'], { maxFileKilobytes: 12_000 });
    const { code, output } = await limited.ended;
    expect(code).toBe(1);
    expect(output).toMatch(/BROKER_(DISK_FULL|WRITE_FAILED): /u);
    const next = start(['--data', data, '--port', '0']);
    await next.until(/going on after [\d,]+ events/u);
    const { eventsRead, replay } = (await next.get('/api/health')) as Health;
    expect(eventsRead).toBeGreaterThan(1000);
    expect(replay.published).toBeGreaterThanOrEqual(eventsRead);
    expect(await next.interrupt()).toMatchObject({ code: 0 });
  });

  test('words that are no command, and settings that are none, are refused with what there is', async () => {
    const command = await new ThroughlineProcess(['strat']).ended;
    expect(command).toMatchObject({ code: 2, output: expect.stringMatching(/unknown command 'strat'.*Did you mean start/su) });
    const flag = await new ThroughlineProcess(['start', '--prot', '1']).ended;
    expect(flag).toMatchObject({ code: 2, output: expect.stringMatching(/unknown option '--prot'/u) });
    const setting = await new ThroughlineProcess(['start'], { environment: { THROUGHLINE_PROT: '1' } }).ended;
    expect(setting).toMatchObject({
      code: 1,
      output: expect.stringMatching(/THROUGHLINE_PROT is not a setting; did you mean THROUGHLINE_PORT/u),
    });
  });

  test('a host off loopback is refused while there is no authentication', async () => {
    const run = await new ThroughlineProcess(['start', '--host', '0.0.0.0']).ended;
    expect(run).toMatchObject({ code: 1, output: expect.stringMatching(/authentication is not there yet/u) });
  });
});
