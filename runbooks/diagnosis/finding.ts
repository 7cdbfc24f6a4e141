import type { Cause, Diagnosis, StageName, TeamContact } from '#core';
import type { FindingContext } from './context.ts';

export type Evidence = Diagnosis['hypotheses'][number]['evidence'][number];

/** A cause that the telemetry speaks for. */
export interface Found {
  readonly kind: 'found';
  readonly cause: Cause;
  /** How strong and how specific its evidence is by itself, 0 to 1. */
  readonly strength: number;
  readonly title: string;
  /** What is at fault: values that a machine can compare. */
  readonly details: Readonly<Record<string, string>>;
  readonly stage: StageName | null;
  /** The first sign on the processing clock, epoch ms. */
  readonly sinceMs: number | null;
  /** Where the first sign is only known to lie between sinceMs and this. */
  readonly untilMs?: number;
  readonly owner: TeamContact | null;
  /** Subjects whose changes may have caused it: of the component itself. */
  readonly components: readonly string[];
  /** Other causes that follow from this one here, beyond what always does. */
  readonly explains?: readonly Cause[];
  readonly evidence: readonly Evidence[];
  readonly disproof: string;
}

export interface RuledOut {
  readonly kind: 'ruled_out';
  readonly cause: Cause;
  /** A sentence with its figures. */
  readonly why: string;
}

export type FindingResult = Found | RuledOut;

/** Looks for one cause, in the telemetry store alone. Throws CLICKHOUSE_*. */
export interface Finding {
  readonly cause: Cause;
  readonly find: (context: FindingContext) => Promise<FindingResult>;
}

/** Makes the results of a cause. */
export function resultsOf(cause: Cause): {
  readonly found: (found: Omit<Found, 'kind' | 'cause'>) => Found;
  readonly ruledOut: (why: string) => RuledOut;
} {
  return {
    found: (found) => ({ kind: 'found', cause, ...found }),
    ruledOut: (why) => ({ kind: 'ruled_out', cause, why }),
  };
}
