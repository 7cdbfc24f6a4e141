import { type Database, type EpochMs, TABLES } from '#core';
import type { StoredReceipt } from './stored.ts';
import { decisionSummaries, type StoredSummary } from './summaries.ts';

/** Predictions whose features saw an event. */
export interface FeatureUse {
  /** Oldest first. */
  readonly uses: readonly StoredSummary[];
  readonly hasMore: boolean;
}

export interface UseQuestion {
  readonly receipt: StoredReceipt;
  /** Event times of scored events whose windows hold the receipt's event; end exclusive. */
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

const MAX_USES = 20;
const MAX_SECONDS = 5;

/* Features are applied in offset order, each partition for itself: only what came later in the same one can have seen the event. */
const LATER_OF_ENTITY = `${TABLES.decisions}
  WHERE pipeline = {pipeline:String} AND partition = {partition:UInt16} AND topic = {topic:String} AND entity = {entity:String}
    AND offset > {offset:UInt64}
    AND event_time >= fromUnixTimestamp64Milli({fromMs:Int64}) AND event_time < fromUnixTimestamp64Milli({toMs:Int64})
  ORDER BY offset LIMIT ${MAX_USES + 1}`;

/** The first predictions of the entity that counted the receipt's event; none where it names no entity or no view took it. */
export async function findUses(database: Database, { receipt, fromMs, toMs }: UseQuestion): Promise<FeatureUse> {
  if (receipt.entity === '' || fromMs >= toMs) return { uses: [], hasMore: false };
  const { topic, partition, offset } = receipt.position;
  const params = { pipeline: receipt.pipeline, topic, partition, offset, entity: receipt.entity, fromMs, toMs };
  const found = await decisionSummaries(database, { from: LATER_OF_ENTITY, params, maxSeconds: MAX_SECONDS });
  return { uses: found.slice(0, MAX_USES), hasMore: found.length > MAX_USES };
}
