import type { StageName, TeamContact } from '#core';

/** A feature view, as far as a diagnosis has to know it. */
export interface PathwayView {
  readonly view: string;
  readonly subject: string;
  readonly owner: TeamContact;
  /** Of the data: JSON pointers of its features' fields, such as /unitPrice. */
  readonly fields: readonly string[];
  /** view.name, as served. */
  readonly features: readonly string[];
}

/**
 * What a pipeline consists of, by its names: what a diagnosis is about, and what a change must touch to be suspect. From the
 * workspace alone.
 */
export interface Pathway {
  readonly pipeline: string;
  readonly owner: TeamContact;
  readonly topic: string;
  /** The pipeline's consumer group. */
  readonly group: string;
  readonly scoredSubject: string;
  readonly contracts: readonly { readonly subject: string; readonly owner: TeamContact }[];
  readonly views: readonly PathwayView[];
  readonly model: { readonly name: string; readonly owner: TeamContact };
  /** Event time within which a positive outcome joins its prediction, ms. */
  readonly horizonMs: number;
  /** Name of the outcome, and the event that makes it positive. */
  readonly outcome: string;
  readonly outcomeSubject: string;
  readonly latencyBudget: {
    readonly totalP99Ms: number;
    readonly stages: Readonly<Record<StageName, { readonly meanMs: number; readonly p99Ms: number }>>;
  };
  readonly throughput: { readonly eventsPerSecond: number; readonly burstFactor: number };
}

/** What is asked of a diagnosis: everything else it reads in the telemetry store. */
export interface DiagnosisQuestion {
  readonly pathway: Pathway;
  readonly alert: string;
  /** With alertname. */
  readonly labels: Readonly<Record<string, string>>;
  /** When the alert began to fire, epoch ms. */
  readonly startsAtMs: number;
  readonly nowMs: number;
  /** All look-back windows are multiplied by it: 1, or less where hours are played in seconds. */
  readonly scale: number;
  readonly signal?: AbortSignal;
}
