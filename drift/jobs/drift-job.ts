import type { Database, DriftAlarm, DriftDetected, DriftResultRecord, EpochMs, EventWindow, TrainingEvidence } from '#core';
import { columnMeasurements } from './column-measurements.ts';
import { loadColumns } from './columns.ts';
import type { DriftJobSpec } from './job-spec.ts';
import type { Measurement } from './measurement.ts';
import { loadOutcomeMeasurements } from './outcome-measurements.ts';
import type { DriftJobState, DriftReview, LiveReference } from './review.ts';
import { findAlarm, judge, nextBreaches, type Verdict } from './verdicts.ts';

export { type DriftJobSpec, parseDriftJob } from './job-spec.ts';

/** What is asked of a job about one complete window. */
export interface ReviewQuestion {
  readonly window: EventWindow;
  /** The version that is live at the window's end. */
  readonly live: LiveReference;
  readonly state: DriftJobState;
  /** Outcomes of events before are final (event time: the watermark less the horizon), epoch ms. */
  readonly finalBeforeMs: EpochMs;
  /** Features computed from a field with an open finding, view.name: the finding explains them. */
  readonly changedFeatures: ReadonlySet<string>;
}

type RecordFigures = Pick<
  DriftResultRecord,
  'status' | 'reason' | 'value' | 'referenceValue' | 'pValue' | 'threshold' | 'distribution'
>;

function figuresOf(result: Measurement['result']): RecordFigures {
  if (result.status === 'not_computable') {
    return { ...result, value: null, referenceValue: null, pValue: null, threshold: null };
  }
  const { status, value, referenceValue, pValue, threshold, distribution } = result;
  const figures = { status, reason: '', value, referenceValue, pValue, threshold };
  return distribution === undefined ? figures : { ...figures, distribution };
}

function recordOf(job: DriftJobSpec, { window, live }: ReviewQuestion, verdict: Verdict): DriftResultRecord {
  const { measurement, isBreach, windowsInARow, isAlarm } = verdict;
  const { targetKind, target, method, rows, referenceRows, reference, result } = measurement;
  return {
    job: job.name,
    pipeline: job.pipeline,
    model: live.name,
    version: live.version,
    window,
    reference,
    targetKind,
    target,
    method,
    rows,
    referenceRows,
    ...figuresOf(result),
    isBreach,
    windowsInARow,
    isAlarm,
  };
}

interface RaisedAlarm {
  readonly alarm: DriftAlarm;
  readonly measurement: Measurement;
}

function detectedOf(
  job: DriftJobSpec,
  { window, live }: ReviewQuestion,
  alarms: readonly DriftAlarm[],
): DriftDetected | undefined {
  const begun = alarms.filter(({ windowsInARow }) => windowsInARow === job.limits.consecutive);
  if (begun.length === 0) return undefined;
  return {
    detectionId: `${job.name}/${new Date(window.toMs).toISOString()}`,
    job: job.name,
    pipeline: job.pipeline,
    model: live.name,
    version: live.version,
    window,
    alarms: begun,
    goingOn: alarms.length - begun.length,
  };
}

function evidenceOf(job: DriftJobSpec, { alarm, measurement }: RaisedAlarm): TrainingEvidence {
  const { target, method, value, threshold, summary } = alarm;
  const cause = measurement.targetKind === 'outcome' ? 'quality_loss' : 'drift';
  return { cause, summary, job: job.name, target, method, value, threshold, window: measurement.measured };
}

async function measureAll(database: Database, job: DriftJobSpec, question: ReviewQuestion): Promise<readonly Measurement[]> {
  const { quality, pipeline } = job;
  const { live, finalBeforeMs } = question;
  const [columns, outcomes] = await Promise.all([
    loadColumns(database, { pipeline, live, window: question.window }),
    quality === undefined ? [] : loadOutcomeMeasurements(database, { pipeline, quality, live, finalBeforeMs }),
  ]);
  return [...columns.flatMap(({ column, ...figures }) => columnMeasurements(column, figures, job)), ...outcomes];
}

/**
 * Reviews one window of a job against the training of the live version: measured in the store, judged here. A pure function of the
 * stored rows and its arguments: asked again, it answers the same, to the byte. `changed` and `restored` are empty: they are the
 * fields' job's. Throws CLICKHOUSE_*; what cannot be computed is a row with its reason.
 */
export async function reviewWindow(database: Database, job: DriftJobSpec, question: ReviewQuestion): Promise<DriftReview> {
  const { window, live, state, changedFeatures } = question;
  const before = state.version === live.version ? state.breaches : {};
  const verdicts = judge(await measureAll(database, job, question), job.limits, before);
  const raised = verdicts.flatMap((verdict): readonly RaisedAlarm[] => {
    const alarm = findAlarm(verdict);
    return alarm === undefined ? [] : [{ alarm, measurement: verdict.measurement }];
  });
  return {
    window,
    results: verdicts.map((verdict) => recordOf(job, question, verdict)),
    detected: detectedOf(
      job,
      question,
      raised.map(({ alarm }) => alarm),
    ),
    changed: [],
    restored: [],
    evidence: raised.filter(({ alarm }) => !changedFeatures.has(alarm.target)).map((each) => evidenceOf(job, each)),
    state: {
      reviewedToMs: window.toMs,
      version: live.version,
      breaches: nextBreaches(verdicts, before),
      findings: state.findings,
    },
  };
}
