import type { AlarmWindows, DriftFact } from '#collector';
import type { DriftAlarm, DriftAlarmView, DriftDetected, EpochMs } from '#core';
import type { LineTraining } from './model-line.ts';
import { timeOf, windowOf } from './record-view.ts';

interface Begun {
  readonly detected: DriftDetected;
  readonly alarm: DriftAlarm;
  /** End of the window in which it began, epoch ms. */
  readonly atMs: EpochMs;
  /** When the same target and method began anew; Infinity where that has not happened. */
  readonly nextMs: EpochMs;
}

const sameTarget = (a: Pick<DriftAlarm, 'target' | 'method'>, b: Pick<DriftAlarm, 'target' | 'method'>): boolean =>
  a.target === b.target && a.method === b.method;

/**
 * A job's alarms, newest first, each with how long it went on and what followed from it: the first request that has its target and
 * method among its evidence while they had not begun anew. Pure.
 */
export function driftAlarmsOf({
  job,
  facts,
  windows,
  trainings,
}: {
  readonly job: string;
  readonly facts: readonly DriftFact[];
  readonly windows: readonly AlarmWindows[];
  readonly trainings: readonly LineTraining[];
}): DriftAlarmView[] {
  const inOrder = trainings.toSorted((a, b) => a.request.atMs - b.request.atMs);
  return begunAlarms(job, facts)
    .toSorted((a, b) => b.atMs - a.atMs)
    .map((begun) => {
      const { detected, alarm } = begun;
      const { target, method, value, threshold, summary } = alarm;
      const endedMs = endOf(
        begun,
        windows.find((each) => sameTarget(each, alarm)),
      );
      return {
        job,
        target,
        method,
        value,
        threshold,
        window: windowOf(detected.window),
        summary,
        endedAt: endedMs === undefined ? null : timeOf(endedMs),
        ...followed(inOrder.find((training) => speaksFor(training, begun))),
      };
    });
}

function begunAlarms(job: string, facts: readonly DriftFact[]): readonly Begun[] {
  const detections = new Map<string, DriftDetected>();
  for (const { kind, fact } of facts) if (kind === 'drift_detected' && fact.job === job) detections.set(fact.detectionId, fact);
  const all = [...detections.values()].flatMap((detected) =>
    detected.alarms.map((alarm) => ({ detected, alarm, atMs: detected.window.toMs })),
  );
  return all.map((begun) => {
    const later = all.filter(({ alarm, atMs }) => sameTarget(alarm, begun.alarm) && atMs > begun.atMs);
    return { ...begun, nextMs: Math.min(...later.map(({ atMs }) => atMs)) };
  });
}

/** End of the last window in which it went on; undefined while it does. A window that could not be computed ends nothing. */
function endOf({ atMs, nextMs }: Begun, windows: AlarmWindows | undefined): EpochMs | undefined {
  if (windows === undefined) return undefined;
  const calmMs = Math.min(nextMs, ...windows.calmMs.filter((each) => each > atMs));
  if (calmMs === Number.POSITIVE_INFINITY) return undefined;
  return Math.max(atMs, ...windows.alarmsMs.filter((each) => each < calmMs));
}

function speaksFor({ request }: LineTraining, { detected, alarm, atMs, nextMs }: Begun): boolean {
  const { evidence = [] } = request;
  if (request.atMs < atMs || request.atMs >= nextMs) return false;
  return evidence.some(({ job, target, method }) => job === detected.job && target === alarm.target && method === alarm.method);
}

function followed(training: LineTraining | undefined): Pick<DriftAlarmView, 'requestId' | 'version' | 'outcome'> {
  if (training === undefined) return { requestId: null, version: null, outcome: null };
  const { request, version, outcome } = training;
  return { requestId: request.requestId, version: version ?? null, outcome };
}
