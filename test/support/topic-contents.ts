import {
  type BatchRecord,
  type DecisionRecord,
  type DriftResultRecord,
  type EventLog,
  type FieldProfileRecord,
  type LogRecord,
  type OutcomeRecord,
  type ReceiptRecord,
  TOPICS,
} from '#core';

/** What the topics of a log hold, for tests to compare. */

async function values<T>(log: EventLog, topic: string): Promise<T[]> {
  const all: T[] = [];
  for (const record of await recordsOf(log, topic)) all.push(JSON.parse(new TextDecoder().decode(record.value)) as T);
  return all;
}

/** Every record of a topic, partition by partition. */
export async function recordsOf(log: EventLog, topic: string): Promise<LogRecord[]> {
  const spec = (await log.listTopics()).find(({ name }) => name === topic);
  const records: LogRecord[] = [];
  for (let partition = 0; partition < (spec?.partitions ?? 0); partition++) {
    for await (const record of log.read({ topic, partition, from: 0 })) records.push(record);
  }
  return records;
}

export const decisionsOf = (log: EventLog): Promise<DecisionRecord[]> => values(log, TOPICS.decisions);
export const receiptsOf = (log: EventLog): Promise<ReceiptRecord[]> => values(log, TOPICS.receipts);
export const batchesOf = (log: EventLog): Promise<BatchRecord[]> => values(log, TOPICS.batches);
export const driftResultsOf = (log: EventLog): Promise<DriftResultRecord[]> => values(log, TOPICS.drift);
export const fieldProfilesOf = (log: EventLog): Promise<FieldProfileRecord[]> => values(log, TOPICS.fields);
export const outcomesOf = (log: EventLog): Promise<OutcomeRecord[]> => values(log, TOPICS.outcomes);

/** A decision without what differs from run to run: times of the processing clock, how the events were batched, and the score's last digits. */
export function lastingPart({
  marks: _marks,
  appendedMs: _appendedMs,
  polledMs: _polledMs,
  batchId: _batchId,
  score: _score,
  shadows,
  ...decision
}: DecisionRecord): LastingDecision {
  return shadows === undefined ? decision : { ...decision, shadowVersions: shadows.map(({ version }) => version) };
}

export type LastingDecision = Omit<DecisionRecord, 'marks' | 'appendedMs' | 'polledMs' | 'batchId' | 'score' | 'shadows'> & {
  readonly shadowVersions?: readonly number[];
};
