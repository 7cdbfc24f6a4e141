import type { AlertName, AlertRule, Severity } from '#core';
import type { RulePipeline } from './rule-input.ts';

/** What a cause's statement is made for. All times ms of the processing clock, scaled. */
export interface CauseQuestion {
  readonly pipeline: RulePipeline;
  readonly windowMs: number;
  /** What is usual is read from so long before the window. */
  readonly referenceMs: number;
  readonly scale: number;
}

/** A duration that a file may replace: as it is written, and how short it may become where hours are played in seconds. */
interface CauseDuration {
  readonly written: string;
  readonly floorMs: number;
}

/** An alert about one cause: what alerts/*.yaml name, and what follows for a rule. */
export interface CauseAlert {
  readonly alert: AlertName;
  /** What its value is: a sentence for the reference. */
  readonly measures: string;
  /** It fires over this; undefined where a file may not set it. */
  readonly threshold: { readonly value: number; readonly unit: string; readonly isFixed?: true };
  /** Of the threshold, where it is a time of the processing clock: its share that is left at least when it is scaled. */
  readonly thresholdFloor?: number;
  readonly window?: CauseDuration;
  readonly for?: CauseDuration;
  /** Where only one severity makes sense. */
  readonly severity?: Severity;
  readonly labelColumns: readonly string[];
  /** As AlertRule.summary. */
  readonly summary: (pipeline: string) => string;
  readonly panel: AlertRule['panel'];
  readonly sql: (question: CauseQuestion) => string;
  readonly exemplarSql?: (question: CauseQuestion) => string;
}
