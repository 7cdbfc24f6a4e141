import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearRecords, createPseudonyms, RecordWriter } from '#collector';
import {
  CONTROL_TYPES,
  type Database,
  type EventLog,
  envelopeHeaders,
  type InsertRows,
  pseudonymOf,
  systemClock,
  TABLES,
  TOPICS,
  traceIdOf,
} from '#core';
import { openEmbeddedLog } from '#runtime';
import { wait } from '../../../app/wait.ts';
import { decisionOf, PIPELINE, predictions } from '../../drift/prediction-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openTestStore, type TestStore } from '../test-store.ts';
import { batchOf, createOutbox, fillOutbox, receiptOf } from './outbox.ts';

const KEY = Buffer.alloc(32, 7);
const ROWS = 1000;
let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

async function filledLog(rows = ROWS): Promise<EventLog> {
  const log = await openEmbeddedLog({ folder: await temporaryFolder(), clock: systemClock });
  await createOutbox(log);
  await fillOutbox(log, predictions(rows));
  await clearRecords(store.database);
  return log;
}

let logs = 0;

function writerOf(log: EventLog, { database = store.database, logId = `log-${logs++}` } = {}): RecordWriter {
  return new RecordWriter({
    log,
    database,
    clock: systemClock,
    wait,
    entityName: createPseudonyms(KEY),
    logId,
    limits: { maxRecords: 500, lingerMs: 5 },
  });
}

/** Runs a writer until the outbox is stored. */
async function storeAll(writer: RecordWriter): Promise<void> {
  const abort = new AbortController();
  const running = writer.run(abort.signal);
  await writer.drained(abort.signal);
  abort.abort();
  await running;
}

async function count(table: string): Promise<{ readonly rows: number; readonly distinct: number }> {
  const identity = table === TABLES.batches ? 'batch_id' : 'event_id';
  const [row] = await store.database.query<{ rows: number; distinct: number }>(
    `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(${identity})) AS distinct FROM ${table}`,
  );
  return row ?? { rows: -1, distinct: -1 };
}

const once = (rows: number) => ({ rows, distinct: rows });

async function expectAllOnce(rows = ROWS): Promise<void> {
  expect(await count(TABLES.decisions)).toEqual(once(rows));
  expect(await count(TABLES.receipts)).toEqual(once(rows));
  expect(await count(TABLES.outcomes)).toEqual(once(rows));
  expect(await count(TABLES.batches)).toEqual(once(rows / 10));
}

/** The store, with something that happens before or after an insert. */
function around(
  database: Database,
  hooks: { before?: (rows: InsertRows) => Promise<void>; after?: (rows: InsertRows) => Promise<void> },
): Database {
  return {
    query: (sql, options) => database.query(sql, options),
    command: (sql, options) => database.command(sql, options),
    insert: async (rows) => {
      await hooks.before?.(rows);
      await database.insert(rows);
      await hooks.after?.(rows);
    },
  };
}

describe('RecordWriter', () => {
  it('stores every record of the outbox once, in rounds', async () => {
    const log = await filledLog();
    await storeAll(writerOf(log));
    await expectAllOnce();
    await log.close();
  });

  it('keeps what the records say: a decision, its outcome and its batch as one journey', async () => {
    const log = await filledLog(20);
    await storeAll(writerOf(log));
    const expected = decisionOf(predictions(20)[7] ?? expect.fail());
    const [journey] = await store.database.query<Record<string, unknown>>(
      `SELECT event_id, trace_id, prediction_id, toUnixTimestamp64Milli(event_time) AS time, splitByChar(',', feature_set) AS names, feature_values,
        feature_statuses, feature_ages_ms, fate, partition, offset, label, replay, backlog, contract_subject FROM ${TABLES.journeys} WHERE event_id = {id:String}`,
      { params: { id: expected.event.id } },
    );
    expect(journey).toMatchObject({
      trace_id: expected.traceId,
      prediction_id: expected.predictionId,
      time: String(expected.event.timeMs),
      names: expected.features.names,
      feature_values: expected.features.values,
      feature_statuses: expected.features.statuses,
      fate: 'collecting',
      partition: expected.position.partition,
      replay: true,
      backlog: true,
      label: predictions(20)[7]?.label,
      contract_subject: 'purchase.completed',
    });
    await log.close();
  });

  it('keeps receipts with reason, sentence and trace, and batches with their times', async () => {
    const log = await filledLog(20);
    await storeAll(writerOf(log));
    const rows = await store.database.query<{ id: string; trace: string; reason: string; detail: string; views: string }>(
      `SELECT event_id AS id, lower(hex(trace_id)) AS trace, reason, detail, view_set AS views FROM ${TABLES.receipts} ORDER BY toUInt32(substring(id, 6))`,
    );
    rows.forEach((row, index) => {
      const { event, traceId, reason = '', detail = '', views = [] } = receiptOf(index);
      expect(row).toEqual({ id: event.id, trace: traceId ?? traceIdOf(event), reason, detail, views: views.join(',') });
    });
    const [batch] = await store.database.query<Record<string, unknown>>(
      `SELECT lower(hex(reverse(reinterpretAsString(batch_id)))) AS id, decide_to_us AS decided, publish_to_us AS published, end_to_end_us AS ends FROM ${TABLES.batches} WHERE batch_id = 10`,
    );
    const { marks, publish, endToEndUs } = batchOf(10);
    expect(batch).toEqual({
      id: '0a',
      decided: String(marks.decide[1]),
      published: String(publish[1]),
      ends: endToEndUs.map(String),
    });
    await log.close();
  });

  it('stores no entity, only its pseudonym', async () => {
    const log = await filledLog(300);
    await storeAll(writerOf(log));
    for (const table of [TABLES.decisions, TABLES.receipts, TABLES.outcomes]) {
      const rows = await store.database.query<object>(`SELECT * FROM ${table}`);
      expect(JSON.stringify(rows)).not.toMatch(/customer-\d/u);
      expect(JSON.stringify(rows)).toContain(pseudonymOf(KEY, 'customer-1'));
    }
    await log.close();
  });

  it('tells changes in sentences, at the event time from which they hold', async () => {
    const log = await filledLog(0);
    const promoted = {
      name: 'repurchase',
      version: 2,
      requestId: 'r',
      pipeline: PIPELINE,
      role: 'live',
      atMs: Date.UTC(2011, 2, 31),
      positions: [],
      reason: 'First model',
      actor: 'throughline',
    };
    const headers = envelopeHeaders({ id: 'r:promoted', source: '/t', type: CONTROL_TYPES.modelPromoted, timeMs: 0 });
    await log.commit({
      records: [
        { topic: TOPICS.control, headers, value: JSON.stringify(promoted) },
        { topic: TOPICS.control, headers: {}, value: '{}' },
      ],
    });
    await storeAll(writerOf(log));
    expect(await store.database.query(`SELECT change_id, kind, subject, at, actor, summary FROM ${TABLES.changes}`)).toEqual([
      {
        change_id: 'r:promoted',
        kind: 'model_promoted',
        subject: 'repurchase',
        at: '2011-03-31 00:00:00.000',
        actor: 'throughline',
        summary: 'repurchase v2 is live from 2011-03-31 on. First model.',
      },
    ]);
    await log.close();
  });

  it('sends a batch again byte for byte when its acknowledgement is lost, and the store keeps it once', async () => {
    const log = await filledLog(300);
    const sent = new Map<string, string>();
    let lost = 0;
    const database = around(store.database, {
      before: async ({ token, lines }) => {
        const bytes = Buffer.concat(lines).toString('latin1');
        expect(sent.get(token) ?? bytes).toBe(bytes);
        sent.set(token, bytes);
      },
      after: async () => {
        if (lost++ % 2 === 0) throw new Error('the answer is lost');
      },
    });
    const writer = new RecordWriter({
      log,
      database,
      clock: systemClock,
      wait: async () => undefined,
      entityName: createPseudonyms(KEY),
      logId: 'lost',
      limits: { maxRecords: 300, lingerMs: 5 },
    });
    await storeAll(writer);
    await expectAllOnce(300);
    expect(writer.state).toMatchObject({ problem: undefined });
    expect(writer.state.retries).toBeGreaterThan(5);
    await log.close();
  });

  it('goes on where another left off in the middle of a round, whatever of it was stored', async () => {
    const log = await filledLog();
    for (let stopAfter = 1; stopAfter <= 4; stopAfter++) {
      const abort = new AbortController();
      let inserts = 0;
      const database = around(store.database, { after: async () => void (++inserts >= stopAfter && abort.abort()) });
      await writerOf(log, { database, logId: 'resumed' }).run(abort.signal);
    }
    const last = writerOf(log, { logId: 'resumed' });
    await storeAll(last);
    await expectAllOnce();
    expect(await last.lag()).toBe(0);
    await log.close();
  });

  it('ends a round at once for who waits for all of it, however long rounds wait for more', async () => {
    const log = await filledLog(0);
    const writer = new RecordWriter({
      log,
      database: store.database,
      clock: systemClock,
      wait,
      entityName: createPseudonyms(KEY),
      logId: 'patient',
      limits: { lingerMs: 3_600_000 },
    });
    const abort = new AbortController();
    const running = writer.run(abort.signal);
    for (const part of [predictions(20).slice(0, 10), predictions(20).slice(10)]) {
      await fillOutbox(log, part);
      await writer.drained(abort.signal);
    }
    await expectAllOnce(20);
    abort.abort();
    await running;
    await log.close();
  });

  it('waits for what stood in the outbox at the call, not for what comes after it', async () => {
    const log = await filledLog(10);
    let later = 10;
    const database = around(store.database, { before: () => fillOutbox(log, predictions(1000).slice(later, ++later)) });
    const writer = writerOf(log, { database, logId: 'never quiet' });
    const abort = new AbortController();
    const running = writer.run(abort.signal);
    await writer.drained(abort.signal);
    expect((await count(TABLES.decisions)).rows).toBeGreaterThanOrEqual(10);
    abort.abort();
    await running;
    await log.close();
  });

  it('says why it waits while the store refuses, and loses nothing', async () => {
    const log = await filledLog();
    let refusals = 3;
    const problems: (string | undefined)[] = [];
    const database = around(store.database, {
      before: async () => {
        if (refusals-- > 0) throw new Error('no room');
      },
    });
    const writer: RecordWriter = new RecordWriter({
      log,
      database,
      clock: systemClock,
      entityName: createPseudonyms(KEY),
      logId: 'refused',
      limits: { lingerMs: 5 },
      wait: async () => void problems.push(writer.state.problem),
    });
    await storeAll(writer);
    expect(problems[0]).toMatch(/cannot be stored, and wait in the log: no room/u);
    expect(problems).toHaveLength(3);
    await expectAllOnce();
    await log.close();
  });

  it('stores everything again for a store that is empty', async () => {
    const log = await filledLog();
    await storeAll(writerOf(log, { logId: 'again' }));
    await clearRecords(store.database);
    const writer = writerOf(log, { logId: 'again-2' });
    await writer.forgetEarlier();
    await storeAll(writer);
    await expectAllOnce();
    await log.close();
  });
});
