import {
  type Clock,
  CONTROL_TYPES,
  type ControlFact,
  controlRecord,
  type EpochMs,
  type EventLog,
  type LogPosition,
  type ModelPromoted,
  type ModelRefused,
  type ModelRunner,
  type ModelShadowed,
} from '#core';
import { PARITY_LIMIT } from '../retraining/parity.ts';
import { judgeCandidate, reasonOf } from './gate.ts';
import { type Contender, gatherGateRows } from './gate-rows.ts';
import type { GovernedModel } from './governed-model.ts';
import { type LineOfModels, liveOf, trialOf } from './line-of-models.ts';

export const GOVERNOR_SOURCE = '/throughline/governor';
const ACTOR = 'throughline';

export interface GateStepDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly runner: ModelRunner;
  readonly model: GovernedModel;
  readonly announce: (sentence: string) => void;
}

/** Where the partitions stand, and when. */
export interface ReviewPlace {
  readonly atMs: EpochMs;
  readonly positions: readonly LogPosition[];
}

/** Lets the candidate through its gate, or not, when its time in shadow is over; waits for a next review where outcomes are missing. */
export async function judgeTrial(deps: GateStepDeps, line: LineOfModels, place: ReviewPlace): Promise<void> {
  const trial = trialOf(line);
  const live = liveOf(line);
  const { retraining } = deps.model;
  if (trial === undefined || live === undefined || retraining === undefined) return;
  const inShadowMs = place.atMs - trial.atMs;
  if (inShadowMs < retraining.shadowMs) return;
  const verdict = await ask(deps, { line, trial, live, atMs: place.atMs });
  const hasEnough = verdict.rows >= deps.model.gate.minimumOutcomes;
  if (!hasEnough && inShadowMs < deps.model.gate.waitAtMostMs) return;
  const { name, version, requestId, pipeline } = trial;
  const decided = { name, version, requestId, pipeline, ...place, gate: verdict, reason: reasonOf(verdict), actor: ACTOR };
  if (verdict.verdict === 'promote')
    await promote(deps, line, { ...decided, role: 'live', cause: 'gate', replaces: live.version });
  else await refuse(deps, decided);
}

function contender(line: LineOfModels, { name, version }: { readonly name: string; readonly version: number }): Contender {
  const inputs = line.registered.find((registered) => registered.version === version)?.inputs ?? [];
  return { name, version, inputs };
}

interface Trial {
  readonly line: LineOfModels;
  readonly trial: ModelShadowed;
  readonly live: ModelPromoted;
  readonly atMs: EpochMs;
}

async function ask({ log, runner, model }: GateStepDeps, { line, trial, live, atMs }: Trial) {
  const lineage = line.trained.find(({ version }) => version === trial.version)?.lineage;
  // A model of another trainer says nothing of its window: only what came after it began its trial was surely not trained on.
  const window = { fromMs: lineage?.window.toMs ?? trial.atMs, toMs: atMs - model.horizonMs };
  const contenders = { live: contender(line, live), candidate: contender(line, trial) };
  const { rows, servedParity, p99Us } = await gatherGateRows(
    { log, runner },
    { pipeline: model.pipeline, window, ...contenders },
  );
  const question = {
    liveVersion: live.version,
    candidateVersion: trial.version,
    window,
    rows,
    latency: { p99Us, budgetUs: model.computeBudgetUs },
    parity: { training: lineage?.parity ?? 0, served: servedParity, limit: PARITY_LIMIT },
  };
  return judgeCandidate(question, model.gate);
}

/** The promotion, and with the first one the frozen first version as a baseline beside it: one commit. */
async function promote(deps: GateStepDeps, line: LineOfModels, promoted: ModelPromoted): Promise<void> {
  const { log, clock, announce } = deps;
  const { name, version, requestId, reason } = promoted;
  const facts: ControlFact[] = [
    { type: CONTROL_TYPES.modelPromoted, id: `${requestId}:promoted`, source: GOVERNOR_SOURCE, key: name, fact: promoted },
  ];
  const first = line.promoted[0];
  if (first !== undefined && !line.shadowed.some(({ purpose }) => purpose === 'baseline')) {
    const { pipeline, atMs, positions } = promoted;
    const baseline: ModelShadowed = {
      name,
      version: first.version,
      requestId: first.requestId,
      pipeline,
      purpose: 'baseline',
      atMs,
      positions,
    };
    facts.push({ type: CONTROL_TYPES.modelShadowed, id: `${name}:baseline`, source: GOVERNOR_SOURCE, key: name, fact: baseline });
  }
  await log.commit({ records: facts.map((fact) => controlRecord(fact, clock)) });
  announce(`${name} v${version} promoted. ${reason}`);
}

async function refuse({ log, clock, announce }: GateStepDeps, refused: ModelRefused): Promise<void> {
  const { name, version, requestId, reason } = refused;
  const fact = {
    type: CONTROL_TYPES.modelRefused,
    id: `${requestId}:refused_by_gate`,
    source: GOVERNOR_SOURCE,
    key: name,
    fact: refused,
  };
  await log.commit({ records: [controlRecord(fact, clock)] });
  announce(`${name} v${version} refused. ${reason}`);
}
