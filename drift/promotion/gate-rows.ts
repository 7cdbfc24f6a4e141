import { type EventLog, type EventWindow, type ModelRef, type ModelRunner, STORES } from '#core';
import { driftError } from '../errors.ts';
import { distinctDecisions, labelsByPrediction, readPredictionHistory, type ServedDecision } from '../prediction-log.ts';
import type { GateRows } from './gate.ts';

/** Rows for a model in one call of the runner: the size that the latency budget is about. */
const MICRO_BATCH = 64;
/** At least so many calls are timed. */
const TIMED_CALLS = 50;

/** A version and the features that it reads, in the order of its inputs. */
export interface Contender extends ModelRef {
  readonly inputs: readonly string[];
}

export interface GateRowsQuery {
  readonly pipeline: string;
  /** Event time of the scored events. */
  readonly window: EventWindow;
  readonly live: Contender;
  readonly candidate: Contender;
}

export interface GateMaterial {
  readonly rows: GateRows;
  /** Largest difference between what was recorded and the same vectors scored again. */
  readonly servedParity: number;
  /** 99th percentile of the candidate's computing time for a micro-batch, µs. */
  readonly p99Us: number;
}

interface Row {
  readonly decision: ServedDecision;
  readonly label: 0 | 1;
}

async function readRows(log: EventLog, { pipeline, window }: GateRowsQuery): Promise<readonly Row[]> {
  const history = await readPredictionHistory(log, pipeline, window);
  const labels = labelsByPrediction(history.outcomes);
  const rows = distinctDecisions(history.decisions).flatMap((decision): Row[] => {
    const label = labels.get(decision.predictionId);
    const { timeMs } = decision.event;
    const isCompared = decision.fate === 'scored' && timeMs >= window.fromMs && timeMs < window.toMs;
    return label === undefined || !isCompared ? [] : [{ decision, label }];
  });
  return rows.toSorted(
    ({ decision: { position: a } }, { decision: { position: b } }) => a.partition - b.partition || a.offset - b.offset,
  );
}

/** Makes a version ready in the runner, if it is not. */
async function ready(parts: { readonly log: EventLog; readonly runner: ModelRunner }, model: Contender): Promise<void> {
  const key = `${model.name}@${model.version}`;
  for await (const entry of parts.log.readState(STORES.artifacts, 0)) {
    if (entry.key !== key) continue;
    await parts.runner.load({ name: model.name, version: model.version, onnx: entry.value, inputs: model.inputs.length });
    return;
  }
  throw driftError(
    'DRIFT_MODEL_MISSING',
    `${key} is on the control topic, but its file is not in the data folder: restore the folder from a copy`,
  );
}

function vectorsOf(rows: readonly Row[], inputs: readonly string[]): Float32Array {
  const vectors = new Float32Array(rows.length * inputs.length);
  let cell = 0;
  for (const { decision } of rows) {
    for (const input of inputs) {
      const column = decision.features.names.indexOf(input);
      vectors[cell] = (column < 0 ? undefined : decision.features.values[column]) ?? Number.NaN;
      cell += 1;
    }
  }
  return vectors;
}

/** Scores the rows' vectors as they were served, in micro-batches; adds how long each took to `tookUs`. */
async function scoreServed(
  runner: ModelRunner,
  model: Contender,
  { rows, tookUs }: { readonly rows: readonly Row[]; readonly tookUs: number[] },
): Promise<Float64Array> {
  const scores = new Float64Array(rows.length);
  for (let from = 0; from < rows.length; from += MICRO_BATCH) {
    const part = rows.slice(from, from + MICRO_BATCH);
    const vectors = vectorsOf(part, model.inputs);
    const scored = await runner.score({ name: model.name, version: model.version, rows: vectors, rowCount: part.length });
    scores.set(scored.scores, from);
    tookUs.push(scored.computeToUs - scored.computeFromUs);
  }
  return scores;
}

/** What the version said when the event was scored, as live or in shadow; undefined where it did not. */
function recordedScore({ decision: { model, score, shadows } }: Row, { version }: Contender): number | undefined {
  if (model?.version === version) return score;
  return shadows?.find((shadow) => shadow.version === version)?.score;
}

/** What was recorded, and where nothing was, the same vector scored now. */
function completed(
  rows: readonly Row[],
  model: Contender,
  again: Float64Array,
): { readonly scores: Float64Array; readonly parity: number } {
  let parity = 0;
  const scores = again.map((score, row) => {
    const at = rows[row];
    const recorded = at === undefined ? undefined : recordedScore(at, model);
    if (recorded !== undefined) parity = Math.max(parity, Math.abs(recorded - score));
    return recorded ?? score;
  });
  return { scores, parity: Number.isNaN(parity) ? Number.POSITIVE_INFINITY : parity };
}

/** p99 of the candidate on full micro-batches; the first calls warm it up. */
async function measureP99Us(runner: ModelRunner, model: Contender, rows: readonly Row[]): Promise<number> {
  const tookUs: number[] = [];
  const sample = rows.slice(0, MICRO_BATCH);
  if (sample.length === 0) return 0;
  for (let call = 0; call < TIMED_CALLS; call++) await scoreServed(runner, model, { rows: sample, tookUs });
  const sorted = tookUs.slice(tookUs.length / 5).toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

/**
 * Matured decisions of the window with both versions' scores: as they were recorded when served, else the served vector scored now,
 * which is what the version would have said. Throws DRIFT_*, MODEL_*, BROKER_*.
 */
export async function gatherGateRows(
  parts: { readonly log: EventLog; readonly runner: ModelRunner },
  query: GateRowsQuery,
): Promise<GateMaterial> {
  const { runner } = parts;
  const rows = await readRows(parts.log, query);
  await ready(parts, query.live);
  await ready(parts, query.candidate);
  const tookUs: number[] = [];
  const live = completed(rows, query.live, await scoreServed(runner, query.live, { rows, tookUs }));
  const candidate = completed(rows, query.candidate, await scoreServed(runner, query.candidate, { rows, tookUs }));
  return {
    rows: { labels: Uint8Array.from(rows, ({ label }) => label), live: live.scores, candidate: candidate.scores },
    servedParity: Math.max(live.parity, candidate.parity),
    p99Us: await measureP99Us(runner, query.candidate, rows),
  };
}
