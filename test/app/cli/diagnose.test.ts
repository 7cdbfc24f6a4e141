import process from 'node:process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ManualClock } from '#core';
import { saveAddress } from '../../../app/cli/address-file.ts';
import { runCli } from '../../../app/cli/program.ts';
import { loadWorkspace } from '../../../app/config/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { BAD_MS, FINGERPRINT, MADE_END_MS, refusalAlert, serveOperations } from '../http/operations-server.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process. */
async function run(...words: readonly string[]): Promise<Ran> {
  const written = { out: '', err: '' };
  const gather = (stream: 'stdout' | 'stderr', into: 'out' | 'err') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[into] += String(text);
      return true;
    });
  const spies = [gather('stdout', 'out'), gather('stderr', 'err')];
  try {
    return { code: await runCli(words, new AbortController().signal), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** A running line with this incident, and the data folder that names its address. */
async function serveLine(alerts: Parameters<typeof refusalAlert>[0][]): Promise<string> {
  const served = await serveOperations(await loadWorkspace('examples/retail'), undefined, new ManualClock(MADE_END_MS));
  await served.incidents.take(alerts.map(refusalAlert));
  const url = await served.server.listen({ host: '127.0.0.1', port: 0 });
  const folder = await temporaryFolder();
  await saveAddress(folder, { pid: process.pid, url });
  onTestFinished(() => served.server.close());
  return folder;
}

test('throughline diagnose prints an incident as its page tells it, or as the API answers', async () => {
  const data = await serveLine([{}, { startsAtMs: BAD_MS + 120_000 }]);
  const { code, out, err } = await run('diagnose', FINGERPRINT, '--data', data);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^QuarantineGrowing \(ticket, open\)\n/u);
  expect(out).toContain(`since ${new Date(BAD_MS + 120_000).toISOString()}`);
  expect(out).toContain('owner shop-platform <shop-platform@example.com>');
  const startsAt = new Date(BAD_MS + 60_000).toISOString();
  const json = await run('diagnose', FINGERPRINT, '--starts-at', startsAt, '--format', 'json', '--data', data);
  expect(JSON.parse(json.out)).toMatchObject({ incident: { fingerprint: FINGERPRINT, startsAt } });
});

test('throughline diagnose says which incidents there are where there is no such one, and fails', async () => {
  const data = await serveLine([{}]);
  const { code, out, err } = await run('diagnose', '00000000000000ab', '--data', data);
  expect([code, out]).toEqual([1, '']);
  expect(err).toBe(
    'RUNBOOK_INCIDENT_UNKNOWN: there is no incident 00000000000000ab: open are 00000000000000aa (QuarantineGrowing)\n',
  );
});

test('throughline incidents lists them, open ones first', async () => {
  const { code, out } = await run('incidents', '--data', await serveLine([{}]));
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`${FINGERPRINT} .* ticket .* open .* QuarantineGrowing`, 'u'));
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(150);
  expect((await run('incidents', '--data', await serveLine([]))).out).toBe('no incident so far\n');
});

test('both say so where no line runs', async () => {
  const data = await temporaryFolder();
  for (const words of [['diagnose', FINGERPRINT], ['incidents']]) {
    const { code, err } = await run(...words, '--data', data);
    expect([code, err]).toEqual([1, expect.stringMatching(/^APP_LINE_UNREACHABLE: no line runs on the data folder/u)]);
  }
});
