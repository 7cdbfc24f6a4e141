import type { EpochMs } from './clock.ts';
import type { LogPosition } from './records.ts';

/** Where a consumer group stands in a partition. Value of a record on TOPICS.groups (JSON). */
export interface GroupSampleRecord {
  readonly atMs: EpochMs;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Members that the whole group has. */
  readonly members: number;
  /** Offset of the next record to read; null before the first commit. */
  readonly committed: number | null;
  readonly end: number;
  readonly lagRecords: number;
  /** How long the first unread record has been in the log, ms; 0 where all is read. */
  readonly lagMs: number;
}

/** What kept a pipeline from going on. Value of a record on TOPICS.failures (JSON). */
export interface FailureRecord {
  readonly atMs: EpochMs;
  readonly pipeline: string;
  readonly group: string;
  /** The stage that failed; empty where it was none. */
  readonly stage: string;
  /** The record that failed, where one did. */
  readonly position: LogPosition | null;
  readonly event: { readonly source: string; readonly id: string; readonly type: string } | null;
  /** From an error table, or `unexpected`. */
  readonly errorCode: string;
  /** At most 500 characters. */
  readonly message: string;
  /** Counts from 1 since the last success. */
  readonly attempt: number;
  /** The pipeline gave up. */
  readonly isStopped: boolean;
}

/** An alert that began to fire or was resolved. Value of a record on TOPICS.alerts (JSON). */
export interface AlertEventRecord {
  readonly atMs: EpochMs;
  readonly alert: string;
  readonly ruleId: string;
  readonly fingerprint: string;
  readonly state: 'firing' | 'resolved';
  readonly startsAtMs: EpochMs;
  readonly severity: string;
  readonly pipeline: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
  readonly summary: string;
}
