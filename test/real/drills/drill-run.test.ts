import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillReport, DrillSummary } from '#runbooks';
import { ROOT } from '../../support/repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ThroughlineProcess } from '../../support/throughline-process.ts';

interface Answer {
  readonly runs: DrillReport['runs'];
  readonly summary: { readonly byFault: Readonly<Record<string, DrillSummary>>; readonly total: DrillSummary };
}

const FAULTS = ['F0', 'F3', 'F5', 'F10'];
const flags = (data: string): string[] => ['drill', 'run', '--data', data, '--seed', '1', '--format', 'json'];

describe('throughline drill run', () => {
  let answer: Answer;
  let left: readonly string[] = [];
  let data = '';

  beforeAll(async () => {
    data = await mkdtemp(path.join(tmpdir(), 'throughline-drills-'));
    const words = [...flags(data), ...FAULTS.flatMap((fault) => ['--fault', fault])];
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, 'dist/app/main.js'), ...words], {
      maxBuffer: 64 * 1024 * 1024,
    });
    answer = JSON.parse(stdout) as Answer;
    left = await readdir(path.join(data, 'drills'));
  }, 600_000);

  afterAll(() => rm(data, { recursive: true, force: true }));

  it('lets each fault happen for real: its signal moved, as the store holds it', () => {
    expect(answer.runs.map(({ fault, counted, signal }) => [fault, counted, signal])).toEqual(
      FAULTS.map((fault) => [fault, true, expect.any(String)]),
    );
  });

  it('pages nobody where nothing is wrong, nor before anything is', () => {
    for (const { fault, falsePages } of answer.runs) expect([fault, falsePages]).toEqual([fault, 0]);
    expect(answer.runs[0]?.hypotheses).toEqual([]);
  });

  it('sees an empty group and a broken contract, and says what it is', () => {
    for (const fault of ['F3', 'F5']) {
      const run = answer.runs.find((one) => one.fault === fault);
      expect([fault, run?.top3]).toEqual([fault, true]);
      expect(run?.detectedS).toBeLessThan(45);
      expect(run?.hypothesisS).toBeLessThan(30);
    }
  });

  it('adds up, and leaves nothing behind but the base of the next runs', () => {
    expect(Object.keys(answer.summary.byFault)).toEqual(FAULTS);
    expect(answer.summary.total.runs).toBe(FAULTS.length - 1);
    expect(left.map((name) => name.replace(/-[0-9a-f]{12}$/u, ''))).toEqual(['base']);
  });

  it('ends cleanly at Ctrl-C, with a report of what was done', async () => {
    const run = new ThroughlineProcess(flags(await temporaryFolder()));
    await run.until(/making the base/u);
    const { code, output } = await run.interrupt();
    expect([code, output]).toEqual([0, expect.stringContaining('"runs": []')]);
  });

  it.each([
    [['--fault', 'F99'], /there is no drill F99; did you mean F\d+\? There are F0, F1/u],
    [['--runs', 'many'], /whole number/u],
    [['--format', 'xml'], /text or json/u],
  ])('answers bad flags with a sentence: %s', async (words, sentence) => {
    const { code, output } = await new ThroughlineProcess(['drill', 'run', ...words]).ended;
    expect(code).toBe(2);
    expect(output).toMatch(sentence);
  });
});
