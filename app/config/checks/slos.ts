import { parseDuration } from '#core';
import { type BurnRateRow, burnFactor, deadRows, longestWindowMs, type SloFile } from '#runbooks';
import type { Problem } from '../problem.ts';
import type { Part, WorkspaceParts } from '../workspace-parts.ts';
import { checkReference } from './reference.ts';

type SloPart = Part<SloFile>;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** An SLO promises something of a pipeline that there is, in a period that its windows fit in, and each of its alerts can fire. */
export function checkSlos({ slo, declared }: WorkspaceParts): readonly Problem[] {
  return slo.flatMap((part) => {
    const { source, value } = part;
    const reference = { source, pointer: '/pipeline', name: value.pipeline, what: 'a pipeline (pipelines/*.yaml)' };
    return [...checkReference(reference, declared.pipeline), ...checkTarget(part), ...checkObjective(part)];
  });
}

function checkTarget({ source, value: { sli, target } }: SloPart): readonly Problem[] {
  if (sli === 'retraining' && target === undefined) {
    const message = 'retraining needs a target: how long a training may take from the request to promoted or refused';
    return [source.problem({ pointer: '/sli' }, message, "add 'target', such as target: 35d")];
  }
  if (sli === 'retraining' || target === undefined) return [];
  return [source.problem({ pointer: '/target', part: 'key' }, `${sli} has no target`, "leave 'target' out")];
}

function checkObjective({ source, value: { sli, objective, period } }: SloPart): readonly Problem[] {
  const periodMs = parseDuration(period);
  if (periodMs < longestWindowMs(sli)) {
    const message = `period ${period} is shorter than the longest window of the alerts, ${hours(longestWindowMs(sli))}`;
    return [source.problem({ pointer: '/period' }, message, 'write a longer one, such as 30d')];
  }
  const dead = deadRows({ sli, objective, periodMs });
  if (dead.length === 0) return [];
  const message = `an objective of ${objective} in ${period} can never fire ${dead.map((row) => told(row, periodMs)).join(' and ')}: all events would have to be bad, and more`;
  const least = Math.max(...dead.map((row) => 1 - 1 / burnFactor(row, periodMs)));
  return [source.problem({ pointer: '/objective' }, message, `write more than ${rounded(least)}, or a shorter period`)];
}

function told(row: BurnRateRow, periodMs: number): string {
  const factor = Number(burnFactor(row, periodMs).toFixed(2));
  return `its ${row.severity} over ${hours(row.longMs)} and ${hours(row.shortMs)} (${factor} times the budget)`;
}

function hours(ms: number): string {
  if (ms < HOUR_MS) return `${ms / MINUTE_MS}m`;
  return ms % (24 * HOUR_MS) === 0 ? `${ms / (24 * HOUR_MS)}d` : `${ms / HOUR_MS}h`;
}

/** Up, so that what is written fires. */
function rounded(objective: number): number {
  return Math.ceil(objective * 1000) / 1000;
}
