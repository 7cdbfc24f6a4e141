import { type Database, type EpochMs, type EventWindow, TABLES } from '#core';
import { ACCURACY_THRESHOLD } from '../statistics/accuracy.ts';
import { CALIBRATION_BINS } from '../statistics/calibration-error.ts';
import { LOG_LOSS_CLIP } from '../statistics/log-loss.ts';
import { normalUpperTail } from '../statistics/normal-law.ts';
import type { DriftJobSpec } from './job-spec.ts';
import type { MeasuredValue, Measurement } from './measurement.ts';
import type { LiveReference } from './review.ts';
import { bounds, within } from './scope.ts';
import { chance, count, figure, period } from './wording.ts';

/** Sums over the matured rows. They are made of whole numbers (1e-12 each), so that no order of rows changes a digit. */
export interface OutcomeRow {
  readonly rows: number;
  readonly positives: number;
  readonly right: number;
  readonly lossSum: number;
  readonly lossSquares: number;
  readonly calibrationGap: number;
  readonly auc: number | null;
}

const METHODS = ['log_loss', 'auc', 'accuracy', 'calibration_error'] as const;
const MAX_SECONDS = 60;
const MAX_BYTES = 2 * 1024 ** 3;
const UNIT = '1e12';
const exactSum = (expression: string): string => `toFloat64(sum(toInt128(round((${expression}) * ${UNIT})))) / ${UNIT}`;
const gap = (_none: unknown, bin: number): string => `abs(${exactSum(`if(bin = ${bin}, label - score, 0)`)})`;

const STATEMENT = `SELECT
    toFloat64(count()) AS rows,
    toFloat64(sum(label)) AS positives,
    toFloat64(countIf((score >= ${ACCURACY_THRESHOLD}) = (label = 1))) AS right,
    ${exactSum('loss')} AS lossSum,
    ${exactSum('loss * loss')} AS lossSquares,
    ${Array.from({ length: CALIBRATION_BINS }, gap).join(' + ')} AS calibrationGap,
    arrayROCAUC(groupArray(score), groupArray(label)) AS auc
  FROM (
    SELECT
      toFloat64(assumeNotNull(d.score)) AS score,
      o.label AS label,
      greatest(${LOG_LOSS_CLIP}, least(1 - ${LOG_LOSS_CLIP}, score)) AS clipped,
      if(label = 1, -log(clipped), -log1p(-clipped)) AS loss,
      least(${CALIBRATION_BINS - 1}, toUInt8(floor(score * ${CALIBRATION_BINS}))) AS bin
    FROM (
      SELECT prediction_id, score FROM ${TABLES.decisions}
      WHERE pipeline = {pipeline:String} AND fate = 'scored' AND model = {model:String} AND model_version = {version:UInt32}
        AND ${within('measured')}
      ORDER BY partition, offset LIMIT 1 BY prediction_id
    ) AS d
    ANY INNER JOIN (
      SELECT prediction_id, label FROM ${TABLES.outcomes}
      WHERE pipeline = {pipeline:String} AND ${within('measured').replaceAll('event_time', 'predicted_at')}
    ) AS o ON o.prediction_id = d.prediction_id
  )
  SETTINGS join_algorithm = 'grace_hash'`;

/** What realised quality is asked about. */
export interface OutcomeQuestion {
  readonly pipeline: string;
  readonly quality: NonNullable<DriftJobSpec['quality']>;
  readonly live: LiveReference;
  /** Outcomes of events before are final, epoch ms. */
  readonly finalBeforeMs: EpochMs;
}

type Found = Pick<MeasuredValue, 'value'> & Partial<MeasuredValue>;

/** Mean log loss against the training's held-out one; its p-value is the chance of a mean this far over it (one-sided z of the rows' losses). */
function logLoss(row: OutcomeRow, { quality, live, measured }: OutcomeQuestion & { readonly measured: EventWindow }): Found {
  const value = row.lossSum / row.rows;
  const expected = live.holdoutLogLoss;
  const scope = `a mean log loss of ${figure(value)} over ${count(row.rows)} outcomes (${period(measured)})`;
  if (expected === undefined) return { value, finding: scope };
  const variance = Math.max(0, row.lossSquares / row.rows - value ** 2) / (row.rows - 1);
  // Without any spread the mean is what it is: larger, or not.
  const z = variance === 0 ? (value - expected) * Number.POSITIVE_INFINITY : (value - expected) / Math.sqrt(variance);
  const pValue = Number.isNaN(z) ? 1 : normalUpperTail(z);
  return {
    value,
    referenceValue: expected,
    pValue,
    threshold: quality.loss,
    finding: `${scope}, where ${figure(expected)} was held out in training (limit ${figure(quality.loss)} over it, ${chance(pValue)})`,
  };
}

function found(
  row: OutcomeRow,
  question: OutcomeQuestion & { readonly measured: EventWindow },
): readonly (readonly [Measurement['method'], Found | 'one_class'])[] {
  const hasBoth = row.positives > 0 && row.positives < row.rows;
  return [
    ['log_loss', logLoss(row, question)],
    ['auc', hasBoth && row.auc !== null ? { value: row.auc } : 'one_class'],
    ['accuracy', { value: row.right / row.rows }],
    ['calibration_error', { value: row.calibrationGap / row.rows }],
  ];
}

/** Event time of the decisions whose outcomes are measured: the newest that are final. */
export function outcomeWindow({ quality, finalBeforeMs }: Pick<OutcomeQuestion, 'quality' | 'finalBeforeMs'>): EventWindow {
  return { fromMs: finalBeforeMs - quality.windowMs, toMs: finalBeforeMs };
}

/** What the sums say of realised quality; `row` undefined without any outcome. */
export function outcomeMeasurements(row: OutcomeRow | undefined, question: OutcomeQuestion): readonly Measurement[] {
  const { live, quality } = question;
  const measured = outcomeWindow(question);
  const base = {
    targetKind: 'outcome',
    target: 'outcome',
    rows: row?.rows ?? 0,
    referenceRows: 0,
    reference: live.window,
    measured,
  } as const;
  if (row === undefined || row.rows < quality.minimumOutcomes) {
    const result = { status: 'not_computable', reason: 'too_few_outcomes' } as const;
    return METHODS.map((method) => ({ ...base, method, result }));
  }
  return found(row, { ...question, measured }).map(([method, value]) => ({
    ...base,
    method,
    result:
      value === 'one_class'
        ? { status: 'not_computable', reason: value }
        : { status: 'ok', referenceValue: null, pValue: null, threshold: null, finding: '', ...value },
  }));
}

/** Realised quality of what the live version itself decided, as outcomes are final; computed in the store. Throws CLICKHOUSE_*. */
export async function loadOutcomeMeasurements(database: Database, question: OutcomeQuestion): Promise<readonly Measurement[]> {
  const { pipeline, live } = question;
  const params = { pipeline, model: live.name, version: live.version, ...bounds('measured', outcomeWindow(question)) };
  const [row] = await database.query<OutcomeRow>(STATEMENT, { params, maxSeconds: MAX_SECONDS, maxBytes: MAX_BYTES });
  return outcomeMeasurements(row, question);
}
