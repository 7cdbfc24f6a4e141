import {
  type AlarmWindows,
  type DriftFact,
  type JobProgress,
  restoredAtMs,
  type StoredDistribution,
  type StoredDriftResult,
} from '#collector';
import {
  type DistributionAnswer,
  DRIFT_METHODS,
  DRIFT_TARGETS,
  type DriftAnswer,
  type DriftList,
  type DriftMeasure,
  type FieldChanged,
  type FindingView,
} from '#core';
import { driftAlarmsOf } from './drift-alarms.ts';
import type { LineTraining } from './model-line.ts';
import { timeOf, windowOf } from './record-view.ts';
import type { JobInfo } from './workspace-index.ts';

type DriftWindow = DriftAnswer['windows'][number];
type DriftTarget = DriftAnswer['targets'][number];

/** The workspace's jobs, and how far each has come. */
export function driftListOf(
  jobs: readonly JobInfo[],
  { progress, facts }: { readonly progress: readonly JobProgress[]; readonly facts: readonly DriftFact[] },
): DriftList {
  return {
    jobs: jobs.map((info) => {
      const { job, owner, description, pipeline } = info.file;
      const reviewed = progress.find((each) => each.job === job);
      return {
        job,
        owner,
        description,
        pipeline,
        model: info.model,
        windows: reviewed?.windows ?? 0,
        lastWindow: reviewed === undefined ? null : windowOf(reviewed),
        openAlarms: reviewed?.openAlarms ?? 0,
        openFindings: findingsOf(info, facts).filter(({ restoredAt }) => restoredAt === null).length,
      };
    }),
  };
}

/** What a job measured, window by window, with its alarms and what followed from them. */
export function driftAnswerOf(
  info: JobInfo,
  parts: {
    readonly results: readonly StoredDriftResult[];
    readonly alarms: readonly AlarmWindows[];
    readonly facts: readonly DriftFact[];
    readonly trainings: readonly LineTraining[];
  },
): DriftAnswer {
  const { job, owner, description, pipeline } = info.file;
  const { results, alarms, facts, trainings } = parts;
  const byWindow = groupBy(results, ({ toMs }) => toMs);
  const ends = [...byWindow.keys()];
  return {
    job,
    owner,
    description,
    pipeline,
    model: info.model,
    windows: [...byWindow.values()].flatMap((rows) => windowsOf(rows)),
    targets: targetsOf(results, ends),
    alarms: driftAlarmsOf({ job, facts, windows: alarms, trainings }),
    findings: findingsOf(info, facts),
  };
}

function groupBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** A window's own row: the reference is that of its features, and the decisions are all that were compared of any of them. */
function windowsOf(rows: readonly StoredDriftResult[]): DriftWindow[] {
  const served = rows.filter(({ kind }) => kind !== 'outcome');
  const first = served.find(({ kind }) => kind === 'feature') ?? rows[0];
  if (first === undefined) return [];
  return [
    {
      ...windowOf(first),
      version: first.version,
      reference: windowOf({ fromMs: first.referenceFromMs, toMs: first.referenceToMs }),
      decisions: Math.max(0, ...served.map((row) => row.rows)),
    },
  ];
}

/** Outcome and score first, then the features by name. */
function targetsOf(results: readonly StoredDriftResult[], ends: readonly number[]): DriftTarget[] {
  const targets = [...groupBy(results, ({ kind, target }) => `${DRIFT_TARGETS.length - DRIFT_TARGETS.indexOf(kind)} ${target}`)];
  return targets
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, rows]) => {
      const [first] = rows;
      if (first === undefined) return [];
      const byWindow = groupBy(rows, ({ toMs }) => toMs);
      return [{ target: first.target, kind: first.kind, cells: ends.map((end) => cellOf(byWindow.get(end))) }];
    });
}

function cellOf(rows: readonly StoredDriftResult[] | undefined): DriftMeasure[] | null {
  if (rows === undefined) return null;
  return rows
    .toSorted((a, b) => DRIFT_METHODS.indexOf(a.method) - DRIFT_METHODS.indexOf(b.method))
    .map(({ method, status, reason, value, referenceValue, pValue, threshold, isBreach, isAlarm, rows: compared }) => ({
      method,
      status,
      reason,
      value,
      referenceValue,
      pValue,
      threshold,
      rows: compared,
      isBreach,
      isAlarm,
    }));
}

/** Fields that mean something else, newest first: of the job's pipeline, where it watches fields. */
function findingsOf({ file }: JobInfo, facts: readonly DriftFact[]): FindingView[] {
  if (file.fields === undefined) return [];
  const changed = new Map<string, FieldChanged>();
  for (const { kind, fact } of facts)
    if (kind === 'field_changed' && fact.pipeline === file.pipeline) changed.set(fact.findingId, fact);
  const restored = facts.flatMap((fact) => (fact.kind === 'field_restored' ? [fact.fact] : []));
  return [...changed.values()]
    .sort((a, b) => b.after.window.toMs - a.after.window.toMs)
    .map(({ pipeline, before, after, features, ...same }) => {
      const atMs = after.window.toMs;
      const endMs = restoredAtMs({ ...same, pipeline, atMs }, restored);
      return {
        ...same,
        at: timeOf(atMs),
        before: { ...before, window: windowOf(before.window) },
        after: { ...after, window: windowOf(after.window) },
        features: [...features],
        restoredAt: endMs === undefined ? null : timeOf(endMs),
      };
    });
}

/** The bins of a target in one window. */
export function distributionAnswerOf(target: string, found: StoredDistribution): DistributionAnswer {
  const { rows, referenceRows, edges, referenceShares, shares, nullRate, referenceNullRate } = found;
  return {
    target,
    window: windowOf(found),
    reference: windowOf({ fromMs: found.referenceFromMs, toMs: found.referenceToMs }),
    rows,
    referenceRows,
    edges: [...edges],
    referenceShares: [...referenceShares],
    shares: [...shares],
    nullRate,
    referenceNullRate,
  };
}
