import type { EpochMs, EventWindow } from '#core';

/** A figure as people read it: three digits that count, no exponent above a millionth. */
export function figure(value: number): string {
  return Math.abs(value) > 0 && Math.abs(value) < 1e-6 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A count with its thousands apart: 1,402. */
export function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** A share as per cent: 12.5 %. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** The chance beside a statistic: p = 0.0021, or p < 1e-15. */
export function chance(pValue: number): string {
  return pValue < 1e-15 ? 'p < 1e-15' : `p = ${figure(pValue)}`;
}

/** A UTC day; with its time where it is no midnight. */
function day(timeMs: EpochMs): string {
  const iso = new Date(timeMs).toISOString();
  return timeMs % 86_400_000 === 0 ? iso.slice(0, 10) : `${iso.slice(0, 16)}Z`;
}

/** `2011-01-03 to 2011-01-10`, the end exclusive. */
export function period({ fromMs, toMs }: EventWindow): string {
  return `${day(fromMs)} to ${day(toMs)}`;
}
