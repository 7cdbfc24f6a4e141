import type { DriftMeasure } from '#core';
import { METHODS } from '../words/governance.ts';
import { formatFigure, formatShare } from '../words/numbers.ts';
import { limitOf, stepOf, strengthOf } from './strength.ts';

const SHARES: readonly DriftMeasure['method'][] = ['null_rate', 'new_category'];

/** A value in its own unit: shares as percent, the rest with three digits. */
export function formatMeasure({ method }: Pick<DriftMeasure, 'method'>, value: number | null): string {
  return SHARES.includes(method) && value !== null ? formatShare(value, 1) : formatFigure(value);
}

/** `PSI 0.310, limit 0.200: alarm`. */
export function measureWords(measure: DriftMeasure): string {
  const { method, value } = measure;
  const { name } = METHODS[method];
  if (measure.status !== 'ok') return `${name} not computable: ${measure.reason}`;
  const limit = limitOf(measure);
  const shown = `${name} ${formatMeasure(measure, value)}`;
  return limit === null ? shown : `${shown}, limit ${formatMeasure(measure, limit)}: ${verdictWord(measure)}`;
}

export function verdictWord(measure: DriftMeasure): string {
  const step = stepOf(measure);
  switch (step) {
    case 'alarm':
      return 'alarm';
    case 'breach':
      return 'over the limit';
    case 'over':
      return 'over the limit, but it may be chance';
    case 'na':
      return 'not computable';
    case 'none':
      return 'has no limit';
    case 0:
    case 1:
    case 2:
    case 3:
      return 'within the limit';
  }
}

/** How large a measure is, in words: against its limit, and against the reference where it has one. */
export function measureSentence(measure: DriftMeasure): string {
  const { value, referenceValue, reason, status } = measure;
  if (status !== 'ok') return `${capital(reason)}.`;
  const reference =
    referenceValue === null
      ? ''
      : `${formatMeasure(measure, value)} against ${formatMeasure(measure, referenceValue)} in the reference`;
  const strength = strengthOf(measure);
  const share = strength === null ? '' : strengthWords(measure, strength);
  return `${capital([reference, share].filter((part) => part !== '').join(': '))}.`;
}

function strengthWords({ method }: DriftMeasure, strength: number): string {
  const what = method === 'log_loss' ? 'the loss that is let through' : 'its limit';
  return strength >= 1 ? `${strength.toFixed(1)} times ${what}` : `${formatShare(strength, 1)} of ${what}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/u, '');
}
