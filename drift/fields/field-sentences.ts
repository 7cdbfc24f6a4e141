import type { EventWindow, FieldChanged, FieldFigures } from '#core';

/** Powers of ten that a change of unit makes: pence for pounds, milli- and micro-, and ten for a slipped point. */
const UNIT_FACTORS = [10, 100, 1000, 1e6, 1e9] as const;
/** How far the medians' factor may be from one of them: seasons move the median, too. */
const UNIT_TOLERANCE = 1.25;

/** What changed, by how much, who answers for it, what is computed from it. */
export function changedSentence(finding: Omit<FieldChanged, 'summary'>): string {
  const { subject, field, source, contractVersion, owner, before, after, ratio, features } = finding;
  const what = `${field} of ${subject} from ${source} means something else than before`;
  const now = `${daysOf(after.window)} its median is ${levelOf(after)}`;
  const then = `${daysOf(before.window)} it was ${levelOf(before)}`;
  const factor = ratio === null ? '' : `, ${figure(ratio)} times as much, and its 5 % and 95 % quantiles moved with it`;
  const computed = features.length === 0 ? 'No feature is computed from it.' : `Computed from it: ${features.join(', ')}.`;
  return `${what}: ${now}; ${then}${factor}.${unitHint(ratio)} ${owner} answers for the contract, ${subject} version ${contractVersion}. ${computed}`;
}

/** That it is as before. */
export function restoredSentence({ subject, field, source, before, after }: FieldChanged, now: FieldFigures): string {
  const what = `${field} of ${subject} from ${source} is as before`;
  return `${what}: ${daysOf(now.window)} its median is ${levelOf(now)}; it was ${figure(before.p50)} before it changed to ${figure(after.p50)}.`;
}

function unitHint(ratio: number | null): string {
  if (ratio === null) return '';
  const upward = Math.max(ratio, 1 / ratio);
  const near = UNIT_FACTORS.find((factor) => Math.max(upward / factor, factor / upward) <= UNIT_TOLERANCE);
  if (near === undefined) return '';
  const shown = ratio > 1 ? counted(near) : `1/${counted(near)}`;
  return ` A factor near ${shown} looks like another unit.`;
}

function levelOf({ p50, values }: FieldFigures): string {
  return `${figure(p50)} (${counted(values)} values)`;
}

function daysOf({ fromMs, toMs }: EventWindow): string {
  return `from ${dayOf(fromMs)} to ${dayOf(toMs)}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Three digits that count. */
function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function counted(count: number): string {
  return count.toLocaleString('en-GB');
}
