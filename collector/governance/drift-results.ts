import { type Database, type DriftMethod, type DriftResultRecord, type EpochMs, TABLES } from '#core';
import { msOf } from '../journeys/stored.ts';

/** What a job measured of one target by one method over one window, without its bins. Times are event time, epoch ms, ends exclusive. */
export interface StoredDriftResult {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  readonly referenceFromMs: EpochMs;
  readonly referenceToMs: EpochMs;
  readonly version: number;
  readonly kind: DriftResultRecord['targetKind'];
  readonly target: string;
  readonly method: DriftMethod;
  readonly rows: number;
  readonly referenceRows: number;
  readonly status: DriftResultRecord['status'];
  readonly reason: string;
  readonly value: number | null;
  readonly referenceValue: number | null;
  readonly pValue: number | null;
  readonly threshold: number | null;
  readonly isBreach: boolean;
  readonly isAlarm: boolean;
}

/** The bins of one target in one window. */
export interface StoredDistribution extends Pick<StoredDriftResult, 'fromMs' | 'toMs' | 'referenceFromMs' | 'referenceToMs'> {
  readonly rows: number;
  readonly referenceRows: number;
  readonly edges: readonly number[];
  readonly referenceShares: readonly number[];
  readonly shares: readonly number[];
  /** Shares of missing values; null where they were not measured. */
  readonly nullRate: number | null;
  readonly referenceNullRate: number | null;
}

/** How far a job has come. */
export interface JobProgress {
  readonly job: string;
  readonly windows: number;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  /** Alarms in its newest window. */
  readonly openAlarms: number;
}

/** A target and method that were in alarm, and the ends of the windows in which they were. */
export interface AlarmWindows {
  readonly target: string;
  readonly method: DriftMethod;
  readonly alarmsMs: readonly EpochMs[];
  /** Ends of the windows in which it was measured and not in alarm. */
  readonly calmMs: readonly EpochMs[];
}

/** The most windows of a job that are looked at. */
export const MAX_DRIFT_WINDOWS = 400;
const MAX_ROWS = 100_000;
const MAX_SECONDS = 5;

const NEWEST_WINDOWS = `window_to IN (
    SELECT DISTINCT window_to FROM ${TABLES.driftResults} WHERE job = {job:String} ORDER BY window_to DESC LIMIT {windows:UInt32})`;

const WINDOW = `${msOf('window_from')} AS fromMs, ${msOf('window_to')} AS toMs, ${msOf('reference_from')} AS referenceFromMs,
  ${msOf('reference_to')} AS referenceToMs`;

const RESULTS = `SELECT ${WINDOW}, model_version AS version, target_kind AS kind, target, method, toFloat64(rows) AS rows,
    toFloat64(reference_rows) AS referenceRows, status, reason, value, reference_value AS referenceValue, p_value AS pValue, threshold,
    is_breach AS isBreach, is_alarm AS isAlarm
  FROM ${TABLES.driftResults} WHERE job = {job:String} AND ${NEWEST_WINDOWS}
  ORDER BY window_to, target, method LIMIT 1 BY window_to, target, method LIMIT ${MAX_ROWS}`;

const ALARMS = `SELECT target, method, arraySort(groupUniqArrayIf(${msOf('window_to')}, is_alarm)) AS alarmsMs,
    arraySort(groupUniqArrayIf(${msOf('window_to')}, NOT is_alarm AND status = 'ok')) AS calmMs
  FROM ${TABLES.driftResults} WHERE job = {job:String} AND ${NEWEST_WINDOWS}
  GROUP BY target, method HAVING length(alarmsMs) > 0 ORDER BY target, method`;

const PROGRESS = `SELECT job, toFloat64(uniqExact(window_to)) AS windows, ${msOf('max(window_from)')} AS fromMs, ${msOf('max(window_to)')} AS toMs,
    toFloat64(length(arrayDistinct(arrayMap(row -> (row.2, row.3), arrayFilter(row -> row.1 = max(window_to), groupArrayIf((window_to, target, method), is_alarm)))))) AS openAlarms
  FROM ${TABLES.driftResults} WHERE job IN {jobs:Array(String)} GROUP BY job`;

/* The bins stand with psi, which is of the values that are there; null_rate is of all of them: the rest is missing. */
const DISTRIBUTION = `SELECT ${WINDOW}, toFloat64(rows) AS rows, toFloat64(reference_rows) AS referenceRows, edges,
    reference_shares AS referenceShares, shares, method
  FROM ${TABLES.driftResults}
  WHERE job = {job:String} AND window_to = fromUnixTimestamp64Milli({to:Int64}) AND target = {target:String} AND method IN ('psi', 'null_rate')
  LIMIT 1 BY method LIMIT 2`;

interface DistributionRow extends Omit<StoredDistribution, 'nullRate' | 'referenceNullRate'> {
  readonly method: DriftMethod;
}

/** The job's results over its newest windows (at most 400), oldest window first, each once. */
export async function readDriftResults(
  database: Database,
  { job, windows }: { readonly job: string; readonly windows: number },
): Promise<readonly StoredDriftResult[]> {
  const params = { job, windows: Math.min(windows, MAX_DRIFT_WINDOWS) };
  return database.query<StoredDriftResult>(RESULTS, { params, maxSeconds: MAX_SECONDS });
}

/** Where the job's targets were in alarm, over its newest 400 windows. */
export async function readAlarmWindows(database: Database, job: string): Promise<readonly AlarmWindows[]> {
  return database.query<AlarmWindows>(ALARMS, { params: { job, windows: MAX_DRIFT_WINDOWS }, maxSeconds: MAX_SECONDS });
}

/** How far these jobs have come; those that have reviewed nothing yet are left out. */
export async function readJobProgress(database: Database, jobs: readonly string[]): Promise<readonly JobProgress[]> {
  return database.query<JobProgress>(PROGRESS, { params: { jobs }, maxSeconds: MAX_SECONDS });
}

/** The bins of a target in the window that ends then; undefined where psi was not computed of it. */
export async function findDistribution(
  database: Database,
  question: { readonly job: string; readonly target: string; readonly toMs: EpochMs },
): Promise<StoredDistribution | undefined> {
  const { job, target, toMs } = question;
  const rows = await database.query<DistributionRow>(DISTRIBUTION, {
    params: { job, target, to: toMs },
    maxSeconds: MAX_SECONDS,
  });
  const psi = rows.find(({ method, shares }) => method === 'psi' && shares.length > 0);
  if (psi === undefined) return undefined;
  const all = rows.find(({ method }) => method === 'null_rate');
  const { method: _method, ...bins } = psi;
  return {
    ...bins,
    nullRate: all === undefined ? null : missingShare(psi.rows, all.rows),
    referenceNullRate: all === undefined ? null : missingShare(psi.referenceRows, all.referenceRows),
  };
}

function missingShare(values: number, rows: number): number | null {
  return rows === 0 ? null : 1 - values / rows;
}
