import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONTROL_TYPES,
  type EventLog,
  HEADERS,
  type ModelPromoted,
  type ModelRefused,
  TOPICS,
  type TrainingRequested,
} from '#core';
import { Governor, type ReviewStore } from '#drift';
import { IN_PROCESS } from '../in-process-fitter.ts';
import { OnnxRunner } from '../onnx-runner.ts';
import { openTemporaryLog, type TemporaryLog } from '../open-log.ts';
import { DAY_MS, FROM_MS, writePredictions } from '../prediction-records.ts';
import { brittle, GOVERNED, HISTORY_DAYS, positionsAt, shiftingHistory } from './governed-history.ts';

const SIGNAL = new AbortController().signal;
const END_MS = FROM_MS + HISTORY_DAYS * DAY_MS;

interface Fact {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly fact: unknown;
}

async function factsOf(log: EventLog): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for await (const { headers, value } of log.read({ topic: TOPICS.control, partition: 0, from: 0 })) {
    facts.push({ id: headers[HEADERS.id], type: headers[HEADERS.type], fact: JSON.parse(new TextDecoder().decode(value)) });
  }
  return facts;
}

/** Runs all reviews of the history; one that is killed is run again by a governor that knows nothing but the log. */
async function govern(temporary: TemporaryLog, log: EventLog, store?: ReviewStore): Promise<readonly string[]> {
  const runner = new OnnxRunner();
  const told: string[] = [];
  const { clock } = temporary;
  const deps = { log, clock, runner, fitter: IN_PROCESS, trainedBy: 'throughline', model: GOVERNED, store };
  for (;;) {
    const governor = new Governor({ ...deps, announce: (sentence) => told.push(sentence) });
    await governor.load();
    const atMs = governor.nextMs(Number.MIN_SAFE_INTEGER) ?? END_MS;
    if (atMs > END_MS) break;
    await governor.review({ atMs, positions: positionsAt(atMs) }, SIGNAL).catch((error: unknown) => {
      if (!(error instanceof TypeError && error.message === 'killed')) throw error;
    });
  }
  await runner.close();
  return told;
}

async function prepared(): Promise<TemporaryLog> {
  const temporary = await openTemporaryLog();
  await temporary.log.createTopic({ name: TOPICS.drift, partitions: 1, retention: {} });
  await writePredictions(temporary.log, shiftingHistory());
  return temporary;
}

describe('the line of models', () => {
  let undisturbed: TemporaryLog;
  let facts: readonly Fact[];
  let told: readonly string[];

  beforeAll(async () => {
    undisturbed = await prepared();
    told = await govern(undisturbed, undisturbed.log);
    facts = await factsOf(undisturbed.log);
  });
  afterAll(() => undisturbed.remove());

  const ofType = <T>(type: string): readonly T[] => facts.filter((fact) => fact.type === type).map(({ fact }) => fact as T);

  it('begins with a first model, and goes on by the schedule, one candidate at a time', () => {
    const requests = ofType<TrainingRequested>(CONTROL_TYPES.retrainingRequested);
    expect(ofType(CONTROL_TYPES.trainingRequested)).toHaveLength(1);
    expect(requests.length).toBeGreaterThanOrEqual(5);
    for (const { cause, evidence, atMs, window, coolDownUntilMs } of requests) {
      expect(cause).toBe('schedule');
      expect(evidence?.[0]?.summary).toMatch(/days since the last request/u);
      expect(window).toEqual({ fromMs: FROM_MS, toMs: atMs - GOVERNED.horizonMs });
      expect(coolDownUntilMs).toBe(atMs + 14 * DAY_MS);
      expect(new Date(atMs).getUTCDay()).toBe(1);
    }
    const order = facts.map(({ type }) => type);
    for (let at = order.indexOf(CONTROL_TYPES.modelShadowed); at >= 0; at = order.indexOf(CONTROL_TYPES.modelShadowed, at + 1)) {
      expect(order.slice(at + 1).find((type) => type !== CONTROL_TYPES.modelShadowed) ?? 'the end').toMatch(
        /promoted|refused|requested|the end/u,
      );
    }
  });

  it('promotes what is better on outcomes that it was not trained on, and refuses what is not shown to be', () => {
    const promoted = ofType<ModelPromoted>(CONTROL_TYPES.modelPromoted).filter(({ cause }) => cause === 'gate');
    const refused = ofType<ModelRefused>(CONTROL_TYPES.modelRefused);
    expect(promoted.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { gate, version, positions, atMs, reason } of promoted) {
      expect(gate?.verdict).toBe('promote');
      expect(gate?.difference?.high).toBeLessThan(0);
      expect(gate?.candidate.version).toBe(version);
      const trained = ofType<{ version: number; lineage: { window: { toMs: number } } }>(CONTROL_TYPES.modelTrained);
      expect(gate?.window.fromMs).toBe(trained.find((fact) => fact.version === version)?.lineage.window.toMs);
      expect(gate?.window.toMs).toBe(atMs - GOVERNED.horizonMs);
      expect(positions).toEqual(positionsAt(atMs));
      expect(reason).toMatch(/^Passed its gate, better: log loss/u);
    }
    for (const { gate, reason } of refused) {
      expect(gate.checks.some(({ passed }) => !passed)).toBe(true);
      expect(reason).toMatch(/^Did not pass its gate: /u);
    }
    expect(told.some((sentence) => /v\d+ promoted\. Passed/u.test(sentence))).toBe(true);
  });

  it('keeps the first version beside it as a baseline from the first promotion on, in the same commit', () => {
    const types = facts.map(({ type, fact }) => `${type} ${(fact as { purpose?: string }).purpose ?? ''}`.trim());
    const baselines = types.filter((type) => type.endsWith('baseline'));
    expect(baselines).toHaveLength(1);
    const gated = facts.findIndex(({ fact }) => (fact as ModelPromoted).cause === 'gate');
    expect(types[gated + 1]).toBe(`${CONTROL_TYPES.modelShadowed} baseline`);
  });

  it('killed before and after every one of its commits, comes to the same line', async () => {
    const again = await prepared();
    const { log, crashes } = brittle(again.log);
    await govern(again, log);
    expect(crashes()).toBeGreaterThan(60);
    expect(await factsOf(again.log)).toEqual(facts);
    await again.remove();
  });

  it('says so where the store is away, and goes on by the schedule alone', async () => {
    const again = await prepared();
    const away: ReviewStore = { reviewers: [], stored: async () => false, countOutcomes: async () => 0 };
    const sentences = await govern(again, again.log, away);
    expect(sentences.filter((sentence) => /telemetry store is away/u.test(sentence)).length).toBeGreaterThan(10);
    expect((await factsOf(again.log)).map(({ id }) => id)).toEqual(facts.map(({ id }) => id));
    await again.remove();
  });
});
