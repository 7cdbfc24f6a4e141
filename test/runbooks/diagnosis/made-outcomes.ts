import { type Database, TABLES } from '#core';
import { MADE } from '../../support/made-history.ts';
import { storeRecords } from '../../support/telemetry.ts';
import { isSince, TIMES } from './incident-fixture.ts';

/** Each customer's outcome comes with the decision after, until it comes no more or so much later. */
export function outcomesOf(delayMs: number | undefined): (database: Database) => Promise<void> {
  return async (database) => {
    const before = new Map<string, { readonly id: string; readonly atMs: number; readonly timeMs: number }>();
    const rows = await database.query<{ entity: string; id: string; ms: number; event_ms: number }>(
      `SELECT entity, lower(hex(prediction_id)) AS id, toFloat64(toUnixTimestamp64Milli(ingested)) AS ms,
        toFloat64(toUnixTimestamp64Milli(event_time)) AS event_ms FROM ${TABLES.decisions} ORDER BY ingested, event_time`,
    );
    const records: object[] = [];
    const storedMs = new Map<object, number>();
    for (const { entity, id, ms, event_ms: timeMs } of rows) {
      const earlier = before.get(entity);
      before.set(entity, { id, atMs: ms, timeMs });
      if (earlier === undefined || (isSince(ms) && delayMs === undefined)) continue;
      const record = {
        outcome: 'repurchase_30d',
        predictionId: earlier.id,
        pipeline: MADE.pipeline,
        event: { source: MADE.sources[1], id: earlier.id },
        entity,
        label: 1,
        predictedAtMs: earlier.timeMs,
        maturedAtMs: timeMs,
      };
      records.push(record);
      storedMs.set(record, isSince(ms) ? ms + (delayMs ?? 0) : ms);
    }
    const seen = records.filter((record) => (storedMs.get(record) ?? 0) < TIMES.nowMs);
    await storeRecords(database, { table: TABLES.outcomes, records: seen, ingestedMs: (record) => storedMs.get(record) ?? 0 });
  };
}
