import type { Database, EpochMs } from '#core';
import { TABLES } from '#core';
import { ACCURACY_THRESHOLD } from '../statistics/accuracy.ts';
import { CALIBRATION_BINS } from '../statistics/calibration-error.ts';
import { LOG_LOSS_CLIP } from '../statistics/log-loss.ts';
import { computed, notComputable, type Statistic } from '../statistics/statistic.ts';
import type { ModelShare, MonthlyQuality, QualityFigures, QualityRow } from './monthly-quality.ts';

/** Sums over the matured rows: of the scores that decided, or of the frozen version's, over those that it scored. */
interface StoredFigures {
  readonly matured: number;
  readonly positives: number;
  readonly right: number;
  readonly logLossSum: number;
  readonly calibrationGap: number;
  readonly auc: number;
}

/** A row of the statement below. */
interface StoredRow {
  /** Empty in the row over all months. */
  readonly month: string;
  readonly scored: number;
  readonly governed: StoredFigures;
  readonly frozen: StoredFigures;
  /** Scored events by `name@version`. */
  readonly models: Readonly<Record<string, string | number>>;
}

const MAX_SECONDS = 60;
const MAX_BYTES = 2 * 1024 ** 3;

const DECISIONS = `${TABLES.decisions} WHERE pipeline = {pipeline:String} AND fate = 'scored'`;

/** A model's least version, by its name: the frozen one. */
const FROZEN_VERSIONS = `SELECT CAST(groupArray((name, least_version)), 'Map(String, UInt32)') FROM (
    SELECT toString(model) AS name, min(arrayMin(arrayPushBack(shadow_versions, model_version))) AS least_version
    FROM ${DECISIONS} GROUP BY name
  )`;

const SCORED = `SELECT
    formatDateTime(d.event_time, '%Y-%m') AS month,
    toFloat64(assumeNotNull(d.score)) AS score,
    frozen_versions[toString(d.model)] AS frozen_version,
    indexOf(d.shadow_versions, frozen_version) AS shadow,
    if(d.model_version = frozen_version, score, toFloat64(d.shadow_scores[shadow])) AS frozen_score,
    o.outcome != '' AND toUnixTimestamp64Milli(d.event_time) < {finalBeforeMs:Int64} AS known,
    known AND (d.model_version = frozen_version OR shadow > 0) AS paired,
    o.label AS label,
    d.model AS model,
    d.model_version AS version
  FROM (
    SELECT prediction_id, event_time, score, model, model_version, shadow_versions, shadow_scores
    FROM ${DECISIONS} LIMIT 1 BY prediction_id
  ) AS d
  ANY LEFT JOIN (SELECT prediction_id, outcome, label FROM ${TABLES.outcomes} WHERE pipeline = {pipeline:String}) AS o
  ON o.prediction_id = d.prediction_id`;

/** The figures of a column of scores over the rows of a condition, as a tuple. */
const figuresIn = (score: string, rows: string): string => {
  const clipped = `greatest(${LOG_LOSS_CLIP}, least(1 - ${LOG_LOSS_CLIP}, ${score}))`;
  const bin = `least(${CALIBRATION_BINS - 1}, toUInt8(floor(${score} * ${CALIBRATION_BINS})))`;
  const gaps = `arrayMap(i -> if(i = ${bin}, label - ${score}, 0.), range(${CALIBRATION_BINS}))`;
  const figures = {
    matured: `toFloat64(countIf(${rows}))`,
    positives: `toFloat64(sumIf(label, ${rows}))`,
    right: `toFloat64(countIf(${rows} AND (${score} >= ${ACCURACY_THRESHOLD}) = (label = 1)))`,
    logLossSum: `sumIf(if(label = 1, -log(${clipped}), -log1p(-${clipped})), ${rows})`,
    calibrationGap: `arraySum(arrayMap(gap -> abs(gap), sumForEachIf(${gaps}, ${rows})))`,
    auc: `arrayROCAUC(groupArrayIf(${score}, ${rows}), groupArrayIf(label, ${rows}))`,
  } satisfies Record<keyof StoredFigures, string>;
  const types = Object.keys(figures).map((name) => `${name} Float64`);
  return `CAST(tuple(${Object.values(figures).join(',\n    ')}), 'Tuple(${types.join(', ')})')`;
};

const STATEMENT = `WITH (${FROZEN_VERSIONS}) AS frozen_versions
SELECT
  month,
  toFloat64(count()) AS scored,
  ${figuresIn('score', 'known')} AS governed,
  ${figuresIn('frozen_score', 'paired')} AS frozen,
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

const NO_ROWS: StoredFigures = { matured: 0, positives: 0, right: 0, logLossSum: 0, calibrationGap: 0, auc: Number.NaN };
const EMPTY: StoredRow = { month: '', scored: 0, governed: NO_ROWS, frozen: NO_ROWS, models: {} };

function qualityOf({ scored, governed, frozen, models }: StoredRow): QualityRow {
  const { matured, positives } = governed;
  const open = scored - matured;
  return {
    scored,
    matured,
    open,
    complete: open === 0,
    baseRate: meanOf(positives, matured),
    ...figuresOf(governed),
    frozen: { matured: frozen.matured, ...figuresOf(frozen) },
    models: sharesOf(models),
  };
}

function figuresOf({ matured, positives, right, logLossSum, calibrationGap, auc }: StoredFigures): QualityFigures {
  return {
    auc: positives === 0 || positives === matured ? notComputable(matured === 0 ? 'no_rows' : 'one_class') : computed(auc),
    logLoss: meanOf(logLossSum, matured),
    accuracy: meanOf(right, matured),
    calibrationError: meanOf(calibrationGap, matured),
  };
}

function meanOf(sum: number, rows: number): Statistic {
  return rows === 0 ? notComputable('no_rows') : computed(sum / rows);
}

function sharesOf(models: StoredRow['models']): readonly ModelShare[] {
  const shares = Object.entries(models).map(([key, scored]) => {
    const at = key.lastIndexOf('@');
    return { name: key.slice(0, at), version: Number(key.slice(at + 1)), scored: Number(scored) };
  });
  return shares.sort((a, b) => (a.name === b.name ? a.version - b.version : Number(a.name > b.name) * 2 - 1));
}
