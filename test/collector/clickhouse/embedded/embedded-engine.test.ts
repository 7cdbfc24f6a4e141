import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock, ThroughlineError } from '#core';
import { ClickHouseDatabase } from '../../../../collector/clickhouse/clickhouse-database.ts';
import { EmbeddedEngine, type Wait } from '../../../../collector/clickhouse/embedded/embedded-engine.ts';
import { platformError } from '../../../../collector/clickhouse/embedded/engine-child.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { createNumbers, numbers, runningEngine } from '../running-engine.ts';

const running = runningEngine();
const POLL = { timeout: 30_000, interval: 50 };
const noWait: Wait = async () => {};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pidOf(engine: EmbeddedEngine): number {
  return engine.status().pid ?? Number.NaN;
}

/** Resolves once another process answers than the one that does now. */
async function untilRestarted(engine: EmbeddedEngine): Promise<void> {
  const pid = pidOf(engine);
  await expect.poll(() => engine.status().state === 'ok' && pidOf(engine) !== pid, POLL).toBe(true);
}

/** Resolves once the engine runs a statement with this text. */
async function untilRuns(database: ClickHouseDatabase, text: string): Promise<void> {
  const count =
    "SELECT toFloat64(count()) AS n FROM system.processes WHERE position(query, {text:String}) > 0 AND query NOT LIKE '%position%'";
  const rows = async () => await database.query<{ readonly n: number }>(count, { params: { text } });
  await expect.poll(async () => (await rows())[0]?.n, POLL).toBe(1);
}

/** Sends rows until they are acknowledged, as the writer of telemetry does. */
async function insertSurely(database: ClickHouseDatabase, rows: ReturnType<typeof numbers>): Promise<number> {
  for (let failures = 0; ; failures++) {
    try {
      await database.insert(rows);
      return failures;
    } catch (error) {
      if (!(error instanceof ThroughlineError && error.retryable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('a killed engine', () => {
  it('is started again, has everything that was acknowledged, and takes what is sent again once', async () => {
    const { engine, database } = running;
    await createNumbers(database, 'killed');
    const before = engine.status();
    let failures = 0;
    for (let batch = 0; batch < 60; batch++) {
      if (batch === 20 || batch === 40) process.kill(pidOf(engine), 'SIGKILL');
      failures += await insertSurely(database, numbers('killed', batch * 1000, 1000));
    }
    expect(failures).toBeGreaterThan(0);
    expect(engine.status()).toMatchObject({ state: 'ok', restarts: before.restarts + 2, version: before.version });
    expect(await database.query('SELECT count() AS n, uniqExact(id) AS ids, max(id) AS last FROM killed')).toEqual([
      { n: '60000', ids: '60000', last: '59999' },
    ]);
  }, 40_000);

  it('fails what was under way as retryable', async () => {
    const asked = running.database.query('SELECT sleep(3) AS under_way');
    await untilRuns(running.database, 'under_way');
    const restarted = untilRestarted(running.engine);
    process.kill(pidOf(running.engine), 'SIGKILL');
    await expect(asked).rejects.toMatchObject({ code: 'CLICKHOUSE_UNAVAILABLE', retryable: true });
    await restarted;
  });

  it('is started again also after SIGTERM, which lets it finish first', async () => {
    const asked = running.database.query('SELECT sleep(1) AS to_finish');
    await untilRuns(running.database, 'to_finish');
    const restarted = untilRestarted(running.engine);
    process.kill(pidOf(running.engine), 'SIGTERM');
    expect(await asked).toEqual([{ to_finish: 0 }]);
    await restarted;
  });
});

it('a second process on the folder is refused with a sentence that says who has it', async () => {
  const second = new EmbeddedEngine({ folder: running.folder, clock: new ManualClock(), wait: noWait });
  await expect(second.start()).rejects.toMatchObject({
    code: 'CLICKHOUSE_FOLDER_IN_USE',
    message: expect.stringContaining(
      `is open in the process with pid ${pidOf(running.engine)}; a folder has one owner. Stop that process`,
    ),
  });
  expect(second.status()).toMatchObject({ state: 'stopped', problem: expect.stringContaining('one owner') });
  await second.stop();
  expect(await running.database.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
}, 40_000);

it('an engine that cannot open is tried again after growing delays, which start anew once it ran for a minute', async () => {
  const folder = join(await temporaryFolder(), 'store');
  const clock = new ManualClock();
  const waits: number[] = [];
  const problems: (string | undefined)[] = [];
  const engine: EmbeddedEngine = new EmbeddedEngine({
    folder,
    clock,
    wait: async (ms) => {
      waits.push(ms);
      problems.push(engine.status().problem);
      // A file where the folder was: it cannot be opened until that is gone.
      if (waits.length === 1) await writeFile(folder, '');
      if (waits.length === 9) await rm(folder);
    },
  });
  await engine.start();
  onTestFinished(() => engine.stop());
  const end = async (): Promise<void> => {
    const restarted = untilRestarted(engine);
    process.kill(pidOf(engine), 'SIGKILL');
    await restarted;
  };
  await rm(folder, { recursive: true });
  await end();
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(problems[0]).toMatch(/^The process with pid \d+ ended: it was ended by SIGKILL\. It is started again after 250 ms\.$/u);
  expect(problems[8]).toMatch(/^The folder .*store cannot be made: EEXIST.* It is started again after 30000 ms\.$/u);
  expect(engine.status()).toMatchObject({ restarts: 9 });
  await end();
  expect(waits.slice(9)).toEqual([30_000]);
  clock.advance(60_000);
  await end();
  expect(waits.slice(10)).toEqual([250]);
}, 60_000);

it('the process ends when who started it is killed, also while it works, and its folder can be opened at once', async () => {
  const folder = await temporaryFolder();
  const script = fileURLToPath(new URL('children/engine-owner.ts', import.meta.url));
  const owner = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    owner.kill('SIGKILL');
  });
  const [said] = (await once(owner.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(isAlive(pid)).toBe(true);
  owner.kill('SIGKILL');
  const next = new EmbeddedEngine({ folder, clock: new ManualClock() });
  onTestFinished(() => next.stop());
  await next.start();
  await expect.poll(() => isAlive(pid), POLL).toBe(false);
}, 60_000);

it.runIf(process.platform === 'linux')('its threads leave the processor to who scores', async () => {
  const tasks = `/proc/${pidOf(running.engine)}/task`;
  const stats = await Promise.all(
    (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/stat`, 'latin1').catch(() => '')),
  );
  const priorities = stats
    .filter((stat) => stat !== '')
    .map((stat) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
  expect(priorities.filter((priority) => priority >= 10).length).toBeGreaterThan(priorities.length * 0.9);
});

it('where there is no library, the sentence names the platforms and the setting', () => {
  const { code, message } = platformError('chdb: no native binding for sunos-x64.\nTried: nothing');
  expect(code).toBe('CLICKHOUSE_PLATFORM');
  expect(message).toMatch(
    /no native binding for sunos-x64\.?.*Linux \(x64, arm64; glibc\) and macOS.*set `clickhouse` to the URL of a server, or to `off`/u,
  );
});

it('says that it does not answer before it is started, and after it was stopped', async () => {
  const folder = join(await temporaryFolder(), 'later');
  const engine = new EmbeddedEngine({ folder, clock: new ManualClock() });
  const database = new ClickHouseDatabase({ endpoint: () => engine.endpoint(), database: 'default' });
  await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'CLICKHOUSE_UNAVAILABLE' });
  await engine.start();
  const pid = pidOf(engine);
  expect(await database.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
  const asked = database.query<{ readonly big: string }>(
    "SELECT repeat('x', 1000000) AS big, sleepEachRow(0.05) AS nap FROM numbers(20)",
  );
  await untilRuns(database, 'nap');
  await Promise.all([engine.stop(), engine.stop()]);
  expect((await asked).map(({ big }) => big.length)).toEqual(Array.from({ length: 20 }, () => 1_000_000));
  expect(isAlive(pid)).toBe(false);
  expect(engine.status()).toEqual({ state: 'stopped', restarts: 0 });
  await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'CLICKHOUSE_UNAVAILABLE' });
  await database.close();
}, 40_000);
