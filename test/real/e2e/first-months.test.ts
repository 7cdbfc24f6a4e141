import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEADERS, type Health } from '#core';
import { controlFacts, fatesOf, outcomeOf, RetailRuns, untilHappens, untilRead } from '../../support/retail-runs.ts';
import { createShortWorkspace, SHORT_EVENTS } from '../../support/short-workspace.ts';
import { batchesOf, decisionsOf, recordsOf } from '../../support/topic-contents.ts';

/** The first months of the bundled year, played live and killed: real processes. */

const KILLS = 12;
/** What was just told when the process is killed: a request before its training, a candidate before its trial, a verdict before its review ends. */
const DECIDING = [/requested: its first model/u, /v1 trained/u, /requested: /u, /scores in shadow/u, /promoted\. Passed/u];
const MINUTES = 60_000;
const DAY_MS = 86_400_000;

let folder: string;
let runs: RetailRuns;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'throughline-months-'));
  runs = new RetailRuns(folder, await createShortWorkspace(path.join(folder, 'workspace')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the first months of the year', { timeout: MINUTES }, () => {
  let shortOutput: string;

  beforeAll(async () => {
    const run = await runs.start('short', ['--once']).ended;
    expect(run, run.output).toMatchObject({ code: 0 });
    shortOutput = run.output;
  }, 2 * MINUTES);

  test('by themselves, play the last thirty days live, and go on with them after Ctrl-C', async () => {
    const backlog = await runs.withLog('short', async (log) => {
      const times = (await recordsOf(log, 'shop.events'))
        .filter(({ headers }) => headers[HEADERS.type] !== undefined)
        .map(({ headers }) => Date.parse(headers[HEADERS.time] ?? ''));
      const liveFromMs = times.reduce((latest, timeMs) => Math.max(latest, timeMs), 0) - 30 * DAY_MS;
      return times.filter((timeMs) => timeMs < liveFromMs).length;
    });
    const first = runs.start('live');
    await first.until(/The last 30 days now play at 300×/u);
    expect(first.output).toMatch(/all, as many as were read/u);
    const { published } = ((await first.get('/api/health')) as Health).replay;
    expect(published).toBeGreaterThanOrEqual(backlog);
    expect(published).toBeLessThan(SHORT_EVENTS);
    await untilRead(first, backlog + 20);
    expect(await first.interrupt()).toMatchObject({ code: 0 });
    const second = runs.start('live');
    await second.until(/The last 30 days now play at 300×/u);
    await untilRead(second, backlog + 40);
    expect(await second.interrupt()).toMatchObject({ code: 0 });
    await runs.withLog('live', async (log) => {
      const live = (await decisionsOf(log)).filter(({ backlog: isBacklog }) => !isBacklog);
      const measured = (await batchesOf(log)).flatMap(({ endToEndUs }) => endToEndUs);
      expect(live.length).toBeGreaterThan(0);
      expect(live.every(({ replay }) => replay)).toBe(true);
      expect(measured).toHaveLength(live.length);
    });
  });

  test(
    `killed ${KILLS} times, at random points and while models are decided, ends with the same line of models and predictions, each once`,
    async () => {
      const points = Array.from({ length: KILLS - DECIDING.length }, () => randomInt(SHORT_EVENTS)).toSorted((a, b) => a - b);
      for (const moment of DECIDING) {
        const run = runs.start('killed', ['--no-live']);
        await untilHappens(run, moment);
        await run.kill();
      }
      for (const point of points) {
        const run = runs.start('killed', ['--no-live']);
        await untilRead(run, point);
        await run.kill();
      }
      const last = await runs.start('killed', ['--once']).ended;
      expect(last, `killed at ${points.join(', ')}: ${last.output}`).toMatchObject({ code: 0 });
      expect(await runs.withLog('killed', controlFacts)).toEqual(await runs.withLog('short', controlFacts));
      const disturbed = await runs.withLog('killed', outcomeOf);
      const undisturbed = await runs.withLog('short', outcomeOf);
      const ids = disturbed.predictions.map(({ predictionId }) => predictionId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(disturbed.predictions.map(({ score: _score, ...prediction }) => prediction)).toEqual(
        undisturbed.predictions.map(({ score: _score, ...prediction }) => prediction),
      );
      disturbed.predictions.forEach(({ score }, index) => {
        expect(Math.abs(score - (undisturbed.predictions[index]?.score ?? Number.NaN))).toBeLessThanOrEqual(1e-6);
      });
      const suggested = undisturbed.predictions.filter(({ decision }) => decision === 'suggest_winback');
      expect(suggested.length).toBeGreaterThan(500);
      for (const { winbacks } of [undisturbed, disturbed]) {
        expect(winbacks).toEqual(suggested.map(({ predictionId }) => predictionId));
      }
      expect(disturbed.decisions).toEqual(undisturbed.decisions);
      expect(disturbed.receipts).toEqual(undisturbed.receipts);
      expect(disturbed.outcomes).toEqual(undisturbed.outcomes);
      expect(fatesOf(last.output)).toEqual(fatesOf(shortOutput));
    },
    4 * MINUTES,
  );
});
