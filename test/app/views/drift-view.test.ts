import { describe, expect, it } from 'vitest';
import type { AlarmWindows, DriftFact } from '#collector';
import type { DriftDetected } from '#core';
import { driftAlarmsOf } from '../../../app/views/drift-alarms.ts';
import { driftListOf } from '../../../app/views/drift-view.ts';
import type { LineTraining } from '../../../app/views/model-line.ts';
import type { JobInfo } from '../../../app/views/workspace-index.ts';
import { detectedOf, fieldChangedOf, fieldRestoredOf, requestOf } from '../../collector/records/facts.ts';
import { weekOf } from '../../collector/records/governance-records.ts';

let made = 0;
const [PSI] = detectedOf().alarms;

/** Alarms that begin in week `index`: by default psi of buyer.spend. */
function begun(index: number, change: Partial<DriftDetected> = {}): DriftFact {
  const window = weekOf(index);
  const fact = detectedOf({ window, detectionId: `weekly/${index}`, ...change });
  return { kind: 'drift_detected', id: `${++made}`, atMs: window.toMs, recordedMs: made, summary: '', fact };
}

const ends = (...weeks: readonly number[]) => weeks.map((week) => weekOf(week).toMs);
const time = (week: number): string => new Date(weekOf(week).toMs).toISOString();

function windows(alarms: readonly number[], calm: readonly number[]): AlarmWindows {
  return { target: 'buyer.spend', method: 'psi', alarmsMs: ends(...alarms), calmMs: ends(...calm) };
}

function training(version: number, week: number, target: string): LineTraining {
  const evidence = [{ cause: 'drift' as const, summary: 's', job: 'weekly', target, method: 'psi', window: weekOf(week - 6) }];
  const request = requestOf(version, { atMs: weekOf(week).toMs, evidence });
  return { request, outcome: 'promoted', version, message: undefined };
}

const ask = (parts: Partial<Parameters<typeof driftAlarmsOf>[0]>) =>
  driftAlarmsOf({ job: 'weekly', facts: [], windows: [], trainings: [], ...parts });

describe('driftAlarmsOf', () => {
  it('says how long an alarm went on; a window that could not be computed ends nothing', () => {
    const [ended] = ask({ facts: [begun(3)], windows: [windows([3, 5], [0, 1, 2, 6, 7])] });
    expect(ended).toMatchObject({ endedAt: time(5), target: 'buyer.spend', value: 0.31, requestId: null });
    const [open] = ask({ facts: [begun(3)], windows: [windows([3, 5], [0, 1, 2])] });
    expect(open?.endedAt).toBeNull();
  });

  it('tells what followed: the first request that has it among its evidence', () => {
    const trainings = [
      training(4, 9, 'buyer.spend'),
      training(3, 5, 'buyer.spend'),
      training(2, 4, 'score'),
      training(1, 2, 'buyer.spend'),
    ];
    const [alarm] = ask({ facts: [begun(3)], trainings });
    expect(alarm).toMatchObject({ requestId: 'repurchase:request-3', version: 3, outcome: 'promoted' });
  });

  it('keeps what followed the first time from the second, newest first', () => {
    const alarms = ask({
      facts: [begun(3), begun(8)],
      windows: [windows([3, 4, 8], [5, 6, 7])],
      trainings: [training(2, 8, 'buyer.spend')],
    });
    expect(alarms.map(({ window, endedAt, requestId }) => [window.to, endedAt, requestId])).toEqual([
      [time(8), null, 'repurchase:request-2'],
      [time(3), time(4), null],
    ]);
  });

  it('tells each once, whatever a restart wrote down again, and none of another job', () => {
    const others = { target: 'score', method: 'ks', value: 0.3, threshold: 0.15, windowsInARow: 2, summary: 's' } as const;
    const both = { alarms: [...(PSI === undefined ? [] : [PSI]), others] };
    const alarms = ask({ facts: [begun(3, both), begun(3, both), begun(4, { job: 'daily', detectionId: 'daily/4' })] });
    expect(alarms.map(({ target, method }) => `${target} ${method}`)).toEqual(['buyer.spend psi', 'score ks']);
  });
});

describe('driftListOf', () => {
  const file = { job: 'weekly', owner: 'ml', description: 'd', pipeline: 'winback', window: '7d' };
  const watching: JobInfo = { file: { ...file, fields: {} }, model: 'repurchase' };
  const changed: DriftFact = { kind: 'field_changed', id: 'a', atMs: 0, recordedMs: 0, summary: '', fact: fieldChangedOf() };
  const restored: DriftFact = { kind: 'field_restored', id: 'b', atMs: 0, recordedMs: 0, summary: '', fact: fieldRestoredOf() };

  it('shows a job that has reviewed nothing yet', () => {
    const { jobs } = driftListOf([watching], { progress: [], facts: [] });
    expect(jobs).toMatchObject([{ job: 'weekly', windows: 0, lastWindow: null, openAlarms: 0, openFindings: 0 }]);
  });

  it('counts findings that are open, of the pipeline, where the job watches fields', () => {
    const count = (job: JobInfo, facts: readonly DriftFact[]) =>
      driftListOf([job], { progress: [], facts }).jobs[0]?.openFindings;
    expect(count(watching, [changed])).toBe(1);
    expect(count(watching, [changed, restored])).toBe(0);
    expect(count({ ...watching, file }, [changed])).toBe(0);
    expect(count({ ...watching, file: { ...file, fields: {}, pipeline: 'other' } }, [changed])).toBe(0);
  });
});
