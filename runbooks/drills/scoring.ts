import type { Cause, Hypothesis } from '#core';
import type { Fault } from './faults.ts';

/** What a hypothesis says, as far as a score depends on it. */
export type ScoredHypothesis = Pick<Hypothesis, 'cause' | 'title' | 'confidence' | 'details'>;

/** What a run must know of itself beyond its plan to tell right from wrong. */
export interface DrillTruth {
  readonly fault: Fault;
  readonly group: string;
  /** Of F10. */
  readonly candidateVersion?: number;
  /** Of F15: where the record that throws lies. */
  readonly poison?: { readonly topic: string; readonly partition: number; readonly offset: number };
}

interface Expected {
  readonly cause: Cause;
  /** Every one of them must be in the hypothesis' details, word for word. */
  readonly details: Readonly<Record<string, string>>;
  /** Of the segment. */
  readonly startsWith?: string;
}

/** The right first answer; undefined where nothing is wrong. */
// oxlint-disable-next-line complexity -- one case a fault, and no logic in any
export function expectedOf({ fault, group, candidateVersion, poison }: DrillTruth): Expected | undefined {
  switch (fault.name) {
    case 'F0':
      return undefined;
    case 'F1':
      return { cause: 'slow_consumer', details: { group } };
    case 'F3':
      return { cause: 'consumer_gone', details: { group } };
    case 'F5':
      return { cause: 'contract_break', details: { source: fault.source, subject: fault.subject, field: `/${fault.field}` } };
    case 'F6':
      return { cause: 'field_meaning', details: { source: fault.source, subject: fault.subject, field: `/${fault.field}` } };
    case 'F7':
      return { cause: 'stale_view', details: { view: fault.view } };
    case 'F9':
      return { cause: 'missing_features', details: { view: fault.view } };
    case 'F10':
      return { cause: 'biased_candidate', details: { version: String(candidateVersion ?? '') }, startsWith: fault.feature };
    case 'F12':
      return { cause: fault.kind === 'lost' ? 'outcomes_lost' : 'outcomes_late', details: {} };
    case 'F15':
      return {
        cause: 'poison_event',
        details: { partition: String(poison?.partition ?? ''), offset: String(poison?.offset ?? '') },
      };
  }
}

/** Whether a hypothesis names the cause, and what is at fault. */
export function isRight(hypothesis: ScoredHypothesis, truth: DrillTruth): boolean {
  const expected = expectedOf(truth);
  if (expected?.cause !== hypothesis.cause) return false;
  const { details, startsWith } = expected;
  const hasDetails = Object.entries(details).every(([key, value]) => hypothesis.details[key] === value);
  return hasDetails && (startsWith === undefined || (hypothesis.details['segment'] ?? '').startsWith(startsWith));
}

export interface DrillScore {
  readonly top1: boolean;
  readonly top3: boolean;
  /** The first hypothesis is wrong, and says that it is sure. */
  readonly confidentWrong: boolean;
}

/** Scores hypotheses, best first. Where nothing is wrong, any that is sure is wrong. */
export function scoreDrill(hypotheses: readonly ScoredHypothesis[], truth: DrillTruth): DrillScore {
  const [first] = hypotheses;
  const nothingWrong = expectedOf(truth) === undefined;
  const top1 = nothingWrong ? first === undefined : first !== undefined && isRight(first, truth);
  const top3 = nothingWrong ? top1 : hypotheses.slice(0, 3).some((hypothesis) => isRight(hypothesis, truth));
  return { top1, top3, confidentWrong: !top1 && first?.confidence === 'high' };
}
