import type { Database, EpochMs } from '#core';
import { TABLES } from '#core';
import { ACCURACY_THRESHOLD } from '../statistics/accuracy.ts';
import { CALIBRATION_BINS } from '../statistics/calibration-error.ts';
import { LOG_LOSS_CLIP } from '../statistics/log-loss.ts';
import { computed, notComputable, type Statistic } from '../statistics/statistic.ts';
import type { ModelShare, MonthlyQuality, QualityRow } from './monthly-quality.ts';

/** A row of the statement below; sums are over the matured rows. */
interface StoredRow {
  /** Empty in the row over all months. */
  readonly month: string;
  readonly scored: number;
  readonly matured: number;
  readonly positives: number;
  readonly right: number;
  readonly logLossSum: number;
  readonly calibrationGap: number;
  readonly auc: number;
  /** Scored events by `name@version`. */
  readonly models: Readonly<Record<string, string | number>>;
}

const MAX_SECONDS = 60;
const MAX_BYTES = 2 * 1024 ** 3;

const SCORED = `SELECT
    formatDateTime(d.event_time, '%Y-%m') AS month,
    toFloat64(assumeNotNull(d.score)) AS score,
    greatest(${LOG_LOSS_CLIP}, least(1 - ${LOG_LOSS_CLIP}, score)) AS clipped,
    least(${CALIBRATION_BINS - 1}, toUInt8(floor(score * ${CALIBRATION_BINS}))) AS bin,
    o.outcome != '' AND toUnixTimestamp64Milli(d.event_time) < {finalBeforeMs:Int64} AS known,
    o.label AS label,
    d.model AS model,
    d.model_version AS version
  FROM (
    SELECT prediction_id, event_time, score, model, model_version FROM ${TABLES.decisions}
    WHERE pipeline = {pipeline:String} AND fate = 'scored' LIMIT 1 BY prediction_id
  ) AS d
  ANY LEFT JOIN (SELECT prediction_id, outcome, label FROM ${TABLES.outcomes} WHERE pipeline = {pipeline:String}) AS o
  ON o.prediction_id = d.prediction_id`;

const STATEMENT = `SELECT
  month,
  toFloat64(count()) AS scored,
  toFloat64(countIf(known)) AS matured,
  toFloat64(sumIf(label, known)) AS positives,
  toFloat64(countIf(known AND (score >= ${ACCURACY_THRESHOLD}) = (label = 1))) AS right,
  sumIf(if(label = 1, -log(clipped), -log1p(-clipped)), known) AS logLossSum,
  arraySum(arrayMap(gap -> abs(gap), sumForEachIf(arrayMap(i -> if(i = bin, label - score, 0.), range(${CALIBRATION_BINS})), known))) AS calibrationGap,
  arrayROCAUC(groupArrayIf(score, known), groupArrayIf(label, known)) AS auc,
  sumMap(map(concat(model, '@', toString(version)), 1)) AS models
FROM (${SCORED})
GROUP BY GROUPING SETS ((month), ())
ORDER BY month
SETTINGS join_algorithm = 'grace_hash'`;

/**
 * {@link MonthlyQuality} of a pipeline, computed by the telemetry store from decisions and outcomes: the same figures as
 * `monthlyQuality` gives for the same records (to 1e-9), without reading them into this process. Throws CLICKHOUSE_*.
 */
export async function loadMonthlyQuality(
  database: Database,
  { pipeline, finalBeforeMs }: { readonly pipeline: string; readonly finalBeforeMs: EpochMs },
): Promise<MonthlyQuality> {
  const params = { pipeline, finalBeforeMs: Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, finalBeforeMs)) };
  const rows = await database.query<StoredRow>(STATEMENT, { params, maxSeconds: MAX_SECONDS, maxBytes: MAX_BYTES });
  const months = rows.filter(({ month }) => month !== '').map((row) => ({ month: row.month, ...qualityOf(row) }));
  return { months, total: qualityOf(rows.find(({ month }) => month === '') ?? EMPTY) };
}

const EMPTY: StoredRow = {
  month: '',
  scored: 0,
  matured: 0,
  positives: 0,
  right: 0,
  logLossSum: 0,
  calibrationGap: 0,
  auc: Number.NaN,
  models: {},
};

function qualityOf({ scored, matured, positives, right, logLossSum, calibrationGap, auc, models }: StoredRow): QualityRow {
  const open = scored - matured;
  const perRow = (sum: number): Statistic => (matured === 0 ? notComputable('no_rows') : computed(sum / matured));
  return {
    scored,
    matured,
    open,
    complete: open === 0,
    baseRate: perRow(positives),
    auc: positives === 0 || positives === matured ? notComputable(matured === 0 ? 'no_rows' : 'one_class') : computed(auc),
    logLoss: perRow(logLossSum),
    accuracy: perRow(right),
    calibrationError: perRow(calibrationGap),
    models: sharesOf(models),
  };
}

function sharesOf(models: StoredRow['models']): readonly ModelShare[] {
  const shares = Object.entries(models).map(([key, scored]) => {
    const at = key.lastIndexOf('@');
    return { name: key.slice(0, at), version: Number(key.slice(at + 1)), scored: Number(scored) };
  });
  return shares.sort((a, b) => (a.name === b.name ? a.version - b.version : Number(a.name > b.name) * 2 - 1));
}
