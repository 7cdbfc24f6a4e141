import type { RunbookList } from '#core';
import { formatMs } from '../words/durations.ts';
import { formatLongDay } from '../words/times.ts';

/** Whether a drill has proven that the runbook finds what it is for. */
export function verifiedWords(verifiedBy: RunbookList['runbooks'][number]['verifiedBy']): string {
  if (verifiedBy === null) return 'no drill has proven it yet';
  const { drill, date, seconds } = verifiedBy;
  return `proven by drill ${drill} on ${formatLongDay(date)}, in ${formatMs(seconds * 1_000)}`;
}
