import type { Clock, ModelRef } from '#core';
import type { DrillTruth } from '#runbooks';
import type { ChangeReports } from '../../change-reports.ts';
import type { LineSeams, WiredLine } from '../../wire.ts';

/** What an injection works on once it begins. */
export interface Target extends Pick<WiredLine, 'line' | 'runner' | 'models' | 'definition'> {
  readonly clock: Clock;
  readonly changes: ChangeReports;
  /** The version that decides. */
  readonly live: ModelRef;
  /** Ends the pipeline's consumer, and nothing else. */
  readonly stopConsumer: () => Promise<void>;
}

/** A fault, ready to happen: what stands in the line from its start on and does nothing, until it begins. */
export interface Injection {
  readonly seams: LineSeams;
  /** Of the pipeline's file. Default: quarantine. */
  readonly onError?: 'stop';
  /** From now on. Resolves to what only the running line could tell of it. */
  readonly begin: (target: Target) => Promise<Partial<Pick<DrillTruth, 'candidateVersion'>>>;
  /** What became known of it later. */
  readonly learnt?: () => Partial<Pick<DrillTruth, 'poison'>>;
}
