import { createHash } from 'node:crypto';
import type { EventLog, LogPosition, Result, TrainingRequested } from '#core';
import {
  distinctDecisions,
  labelsByPrediction,
  type PredictionHistory,
  readPredictionHistory,
  type ServedDecision,
} from '../prediction-log.ts';
import type { FeatureMatrix } from './preprocessing.ts';
import type { TimedRows } from './training-rows.ts';

/** Rows as they were served, ordered by (partition, offset) of the scored event, each with its matured label. */
export interface TrainingSet extends TimedRows {
  readonly positives: number;
  /** sha256, hex, over feature names and every row's prediction id, event time, label and float32 values. */
  readonly fingerprint: string;
}

/** Why there is no training set: labels still open, a partition the request does not name, a feature that was not served. */
export type TrainingSetRefusal = 'outcomes_open' | 'positions_incomplete' | 'feature_not_served';

type SetResult = Result<TrainingSet, TrainingSetRefusal>;
type Refused = Extract<SetResult, { ok: false }>;

/** Which decisions to learn from, and which of their features, in the order of the model's inputs. */
export interface TrainingSetQuery {
  readonly request: TrainingRequested;
  readonly features: readonly string[];
}

function partitionKey({ topic, partition }: Pick<LogPosition, 'topic' | 'partition'>): string {
  return `${topic}[${partition}]`;
}

function refuse(reason: TrainingSetRefusal, message: string): Refused {
  return { ok: false, reason, message };
}

/** Decisions of the window whose events stand before the request's positions, in log order. */
function selectDecisions(history: PredictionHistory, request: TrainingRequested): readonly ServedDecision[] | Refused {
  const ends = new Map(request.positions.map((position) => [partitionKey(position), position.offset]));
  const inWindow = distinctDecisions(history.decisions).filter(
    ({ pipeline, event }) =>
      pipeline === request.pipeline && event.timeMs >= request.window.fromMs && event.timeMs < request.window.toMs,
  );
  const stray = inWindow.find(({ position }) => !ends.has(partitionKey(position)));
  if (stray !== undefined) {
    return refuse(
      'positions_incomplete',
      `the request has no position for ${partitionKey(stray.position)}, where events of its window stand`,
    );
  }
  return inWindow
    .filter(({ position }) => position.offset < (ends.get(partitionKey(position)) ?? 0))
    .sort((a, b) => a.position.partition - b.position.partition || a.position.offset - b.position.offset);
}

function valueOf({ features }: ServedDecision, feature: string): number | undefined {
  const column = features.names.indexOf(feature);
  return column < 0 ? undefined : (features.values[column] ?? Number.NaN);
}

/** The served values by column name, null as NaN; or the first feature that a decision lacks. */
function fillMatrix(decisions: readonly ServedDecision[], features: readonly string[]): FeatureMatrix | Refused {
  const values = new Float32Array(decisions.length * features.length);
  for (const [row, decision] of decisions.entries()) {
    for (const [column, feature] of features.entries()) {
      const value = valueOf(decision, feature);
      if (value === undefined) {
        return refuse(
          'feature_not_served',
          `prediction ${decision.predictionId} was made without ${feature}, an input of the model`,
        );
      }
      values[row * features.length + column] = value;
    }
  }
  return { values, rowCount: decisions.length, columnCount: features.length };
}

interface Row {
  readonly decision: ServedDecision;
  readonly label: 0 | 1;
}

function fingerprint(rows: readonly Row[], matrix: FeatureMatrix, features: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(features));
  const width = matrix.columnCount;
  const bytes = new DataView(new ArrayBuffer(8 + 1 + 4 * width));
  for (const [row, { decision, label }] of rows.entries()) {
    bytes.setFloat64(0, decision.event.timeMs, true);
    bytes.setUint8(8, label);
    for (let column = 0; column < width; column++) {
      bytes.setFloat32(9 + 4 * column, matrix.values[row * width + column] ?? Number.NaN, true);
    }
    hash.update(decision.predictionId).update('\0').update(new Uint8Array(bytes.buffer));
  }
  return hash.digest('hex');
}

/**
 * Joins the window's decisions (scored or collecting) to their outcomes. Refuses while any of them is open: positives
 * settle early and negatives only at their horizon, so what has arrived so far over-counts positives. Pure.
 */
export function assembleTrainingSet(history: PredictionHistory, { request, features }: TrainingSetQuery): SetResult {
  const decisions = selectDecisions(history, request);
  if ('ok' in decisions) return decisions;
  const labels = labelsByPrediction(history.outcomes);
  const rows = decisions.flatMap((decision): Row[] => {
    const label = labels.get(decision.predictionId);
    return label === undefined ? [] : [{ decision, label }];
  });
  const open = decisions.length - rows.length;
  if (open > 0) {
    return refuse(
      'outcomes_open',
      `${open} of ${decisions.length} predictions in the window have no outcome yet: train when every label has matured`,
    );
  }
  const matrix = fillMatrix(decisions, features);
  if ('ok' in matrix) return matrix;
  return {
    ok: true,
    value: {
      matrix,
      labels: Uint8Array.from(rows, ({ label }) => label),
      timesMs: Float64Array.from(rows, ({ decision }) => decision.event.timeMs),
      positives: rows.reduce((sum, { label }) => sum + label, 0),
      fingerprint: fingerprint(rows, matrix, features),
    },
  };
}

/** {@link assembleTrainingSet} from what the log holds of the request's window. Throws DRIFT_RECORD_INVALID, DRIFT_TOPIC_MISSING, BROKER_*. */
export async function buildTrainingSet(log: EventLog, query: TrainingSetQuery): Promise<SetResult> {
  const { pipeline, window } = query.request;
  return assembleTrainingSet(await readPredictionHistory(log, pipeline, window), query);
}
