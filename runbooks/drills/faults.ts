/** Faults that the project rehearses on itself; numbers as in the table of docs/guides/drills.md. */
export const FAULTS = ['F0', 'F1', 'F3', 'F5', 'F6', 'F7', 'F9', 'F10', 'F12', 'F15'] as const;
export type FaultName = (typeof FAULTS)[number];

export const FAULT_TITLES: Readonly<Record<FaultName, string>> = {
  F0: 'nothing, with a harmless deploy',
  F1: 'slow consumer',
  F3: 'dead consumer',
  F5: 'breaking schema',
  F6: 'meaning changes, schema still valid',
  F7: 'stale feature',
  F9: 'missing features become defaults',
  F10: 'bad candidate in one segment',
  F12: 'late or lost outcomes',
  F15: 'poison event, quarantine switched off',
};

/** What one fault of a run does. */
export type Fault =
  | { readonly name: 'F0' }
  /** So many ms more for each record, in a stage. */
  | { readonly name: 'F1'; readonly stage: string; readonly msPerRecord: number }
  | { readonly name: 'F3' }
  /** A producer renames a field of a subject's events, or sends it as text. */
  | {
      readonly name: 'F5';
      readonly source: string;
      readonly subject: string;
      readonly field: string;
      readonly change: { readonly kind: 'renamed'; readonly to: string } | { readonly kind: 'text' };
    }
  | {
      readonly name: 'F6';
      readonly source: string;
      readonly subject: string;
      readonly field: string;
      readonly factor: number;
    }
  /** Events of a view's subject stop. */
  | { readonly name: 'F7'; readonly view: string; readonly subject: string }
  /** A share of the entities has no values of a view any more. */
  | { readonly name: 'F9'; readonly view: string; readonly share: number; readonly salt: number }
  /** A candidate's scores are off where a feature is at or over one of its quantiles. */
  | { readonly name: 'F10'; readonly feature: string; readonly quantile: number; readonly bias: number }
  | { readonly name: 'F12'; readonly kind: 'lost' }
  /** Outcomes join so many days of event time later. */
  | { readonly name: 'F12'; readonly kind: 'late'; readonly days: number }
  /** The first record of a partition that is read after the fault began always throws. */
  | { readonly name: 'F15'; readonly partition: number; readonly message: string };

/** A change that has nothing to do with it. */
export interface Decoy {
  readonly kind: 'deploy' | 'setting';
  readonly subject: string;
  readonly version: string;
  readonly summary: string;
  /** Before (negative) or after the fault's begin, ms. */
  readonly offsetMs: number;
}

export interface DrillPlan {
  readonly seed: number;
  readonly fault: Fault;
  readonly eventsPerSecond: number;
  /** Healthy traffic before the fault begins, ms. */
  readonly settleMs: number;
  readonly decoy: Decoy | null;
}
