import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import type { Consumer, EventLog, LogRecord, NewRecord, PolledBatch, StateEntry } from '#core';

/** A log under test. */
export interface LogUnderTest {
  readonly log: EventLog;
  /** Closes the log and opens it again on the same data. */
  reopen(): Promise<EventLog>;
  /** Closes what is open and removes the data. */
  dispose(): Promise<void>;
}

/** A signal that never comes. */
export const never = new AbortController().signal;
/** A value as text. */
export const text = (value: Uint8Array): string => new TextDecoder().decode(value);

/** Opens a log before each test and hands it over with the name of a topic that is new; disposes of it afterwards. */
export function useLog(open: () => Promise<LogUnderTest>, receive: (opened: LogUnderTest, topic: string) => void): void {
  let opened: LogUnderTest;
  beforeEach(async () => {
    opened = await open();
    receive(opened, `contract-${randomUUID()}`);
  });
  afterEach(() => opened.dispose());
}

/** A record whose value is text. */
export function textRecord(topic: string, value: string, more: Partial<NewRecord> = {}): NewRecord {
  return { topic, headers: {}, value, ...more };
}

/** Everything a log's partition holds from an offset on. */
export async function readAll(
  log: EventLog,
  at: { topic: string; partition?: number; from?: number; to?: number },
): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const range = at.to === undefined ? {} : { to: at.to };
  for await (const record of log.read({ topic: at.topic, partition: at.partition ?? 0, from: at.from ?? 0, ...range }))
    records.push(record);
  return records;
}

/** Every entry of a store's partition, values as text. */
export async function stateOf(log: EventLog, store: string, partition = 0): Promise<[string, string][]> {
  const entries: StateEntry[] = [];
  for await (const entry of log.readState(store, partition)) entries.push(entry);
  return entries.map(({ key, value }) => [key, text(value)]);
}

/** Polls until `count` records have come; a log that rebalances late gets the polls it needs. */
export async function pollRecords(consumer: Consumer, count: number, maxRecords = 1000): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (let attempt = 0; attempt < 50 && records.length < count; attempt++) {
    const batches = await consumer.poll({ maxRecords, maxWaitMs: 200, signal: never });
    records.push(...batches.flatMap((batch) => batch.records));
  }
  return records;
}

/** What is there now. */
export const pollOnce = (consumer: Consumer, maxRecords = 1000): Promise<readonly PolledBatch[]> =>
  consumer.poll({ maxRecords, maxWaitMs: 0, signal: never });
/** Values as text. */
export const valuesOf = (records: readonly LogRecord[]): string[] => records.map((record) => text(record.value));
