import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, traceIdOf } from '#core';
import { createJourneySpans } from '../../../collector/otel/journey-spans.ts';
import { TRACE_MIGRATION_STATEMENTS } from '../../../collector/otlp/migrations.ts';
import { receiveTraces } from '../../../collector/otlp/receiver.ts';
import { readTrace } from '../../../collector/otlp/trace-query.ts';
import type { TraceRow } from '../../../collector/otlp/trace-row.ts';
import { TraceWriter } from '../../../collector/otlp/trace-writer.ts';
import { completedBatch, scoredEvent } from '../otel/completed-journeys.ts';
import { openChdb } from './chdb-database.ts';
import { requestsTo } from './sent-traces.ts';
import { NOW_NANO, TRACE, traceRow } from './trace-rows.ts';

describe('traces in ClickHouse', () => {
  let chdb: ReturnType<typeof openChdb>;
  let database: Database;

  beforeAll(async () => {
    chdb = openChdb();
    database = chdb;
    // In order, and once more: a migration may be tried again.
    for (const statement of [...TRACE_MIGRATION_STATEMENTS, ...TRACE_MIGRATION_STATEMENTS]) await database.command(statement);
  });

  afterAll(() => chdb.close());

  async function store(...rows: readonly TraceRow[]): Promise<void> {
    const writer = new TraceWriter({ database });
    writer.add(rows);
    await writer.close();
    expect(writer.counts()).toMatchObject({ stored: rows.length, lastFailure: undefined });
  }

  it('have the columns and types of the collector’s exporter, in its order', async () => {
    const columns = await database.query<{ name: string; type: string }>(
      `SELECT name, type FROM system.columns WHERE table = 'otel_traces' AND database = currentDatabase() ORDER BY position`,
    );
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'Timestamp DateTime64(9)',
      'TraceId String',
      'SpanId String',
      'ParentSpanId String',
      'TraceState String',
      'SpanName LowCardinality(String)',
      'SpanKind LowCardinality(String)',
      'ServiceName LowCardinality(String)',
      'ResourceAttributes Map(LowCardinality(String), String)',
      'ScopeName String',
      'ScopeVersion String',
      'SpanAttributes Map(LowCardinality(String), String)',
      'Duration UInt64',
      'StatusCode LowCardinality(String)',
      'StatusMessage String',
      'Events.Timestamp Array(DateTime64(9))',
      'Events.Name Array(LowCardinality(String))',
      'Events.Attributes Array(Map(LowCardinality(String), String))',
      'Links.TraceId Array(String)',
      'Links.SpanId Array(String)',
      'Links.TraceState Array(String)',
      'Links.Attributes Array(Map(LowCardinality(String), String))',
    ]);
    const [table] = await database.query<{ sorting_key: string; partition_key: string }>(
      `SELECT sorting_key, partition_key FROM system.tables WHERE name = 'otel_traces' AND database = currentDatabase()`,
    );
    expect(table).toEqual({
      sorting_key: 'ServiceName, SpanName, toDateTime(Timestamp)',
      partition_key: 'toDate(Timestamp)',
    });
    const indexes = await database.query<{ name: string; type_full: string }>(
      `SELECT name, type_full FROM system.data_skipping_indices WHERE table = 'otel_traces' ORDER BY name`,
    );
    expect(indexes.map(({ name, type_full: type }) => `${name} ${type}`)).toEqual([
      'idx_duration minmax',
      'idx_res_attr_key bloom_filter(0.01)',
      'idx_res_attr_value bloom_filter(0.01)',
      'idx_span_attr_key bloom_filter(0.01)',
      'idx_span_attr_value bloom_filter(0.01)',
      'idx_trace_id bloom_filter(0.001)',
    ]);
  });

  it('are read as they were stored, over several services and days, by their start', async () => {
    const child = traceRow({
      spanId: '1'.repeat(16),
      parentSpanId: 'b7ad6b7169203331',
      serviceName: 'billing',
      kind: 'Server',
      startUnixNano: NOW_NANO + 1_500n,
      durationNano: 2_500n,
      attributes: { text: 'ü "quoted"\n\\ \u0000', 'lone surrogate': 'a\ud800b' },
      statusCode: 'Error',
      statusMessage: 'refused',
      events: [
        { timeUnixNano: 0n, name: 'no time', attributes: {} },
        { timeUnixNano: NOW_NANO, name: 'retried', attributes: { a: 'b' } },
      ],
      links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceState: '', attributes: { why: 'batch' } }],
    });
    const late = traceRow({ spanId: '2'.repeat(16), name: 'outcome', startUnixNano: NOW_NANO + 86_400_000_000_000n });
    await store(late, child, traceRow());
    await store(traceRow({ traceId: 'e'.repeat(32) }));
    const spans = await readTrace(database, TRACE.toUpperCase());
    expect(spans.map(({ name, service, startUs, durationUs }) => [name, service, startUs, durationUs])).toEqual([
      ['work', 'shop', 0, 1000],
      ['work', 'billing', 1.5, 2.5],
      ['outcome', 'shop', 86_400_000_000, 1000],
    ]);
    expect(spans[1]).toEqual({
      traceId: TRACE,
      spanId: '1'.repeat(16),
      parentSpanId: 'b7ad6b7169203331',
      name: 'work',
      kind: 'Server',
      service: 'billing',
      start: new Date(Number(NOW_NANO / 1_000_000n)).toISOString(),
      startUs: 1.5,
      durationUs: 2.5,
      status: 'Error',
      statusMessage: 'refused',
      attributes: { text: 'ü "quoted"\n\\ \u0000', 'lone surrogate': 'a\ufffdb' },
      links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }],
    });
    const [stored] = await database.query<{ times: readonly string[]; last: string }>(
      `SELECT arrayMap(t -> toString(toUnixTimestamp64Nano(t)), Events.Timestamp) AS times, Events.Attributes[2]['a'] AS last
      FROM otel_traces WHERE ServiceName = 'billing'`,
    );
    expect(stored).toEqual({ times: ['0', String(NOW_NANO)], last: 'b' });
  });

  it('show the waterfall of a journey, from the commit of its batch over the wire into the table and back', async () => {
    const writer = new TraceWriter({ database });
    const nowMs = Number(NOW_NANO / 1_000_000n);
    const requests = await requestsTo(async (url) => {
      const journeys = createJourneySpans(url, { selection: { ratio: 1 } });
      const scored = scoredEvent({ appendedMs: nowMs - 40 });
      journeys.completed(completedBatch([scored], { polledMs: nowMs, publishedMs: nowMs + 10 }));
      await journeys.stop();
    });
    for (const request of requests) writer.add((await receiveTraces(request, { nowMs })).rows);
    await writer.close();
    const spans = await readTrace(database, traceIdOf(scoredEvent().event));
    expect(spans.map(({ name, startUs, durationUs }) => [name, startUs, durationUs])).toEqual([
      ['process shop.events', 0, 50_250],
      ['wait in shop.events', 0, 40_000],
      ['wait in batch', 40_000, 1000],
      ['contract order.placed', 41_000, 1500],
      ['features', 42_500, 1501],
      ['queue for repurchase v1', 44_001, 199],
      ['model repurchase v1', 44_200, 1800],
      ['decide', 46_000, 1000],
      ['send shop.predictions', 47_000, 3250],
    ]);
    expect(spans[0]).toMatchObject({ kind: 'Consumer', service: 'throughline', parentSpanId: '', status: 'Unset' });
    expect(spans[0]?.attributes).toMatchObject({ 'evai.fate': 'scored', 'messaging.kafka.offset': '41' });
    expect(await readTrace(database, spans[0]?.links[0]?.traceId ?? '')).toMatchObject([{ name: 'poll shop.events' }]);
  });

  it('show a batch that was stored twice once', async () => {
    const traceId = '4'.repeat(32);
    await store(traceRow({ traceId }), traceRow({ traceId, spanId: '5'.repeat(16) }));
    await store(traceRow({ traceId }), traceRow({ traceId, spanId: '5'.repeat(16) }));
    expect(await readTrace(database, traceId)).toHaveLength(2);
  });

  it('are read up to a bound, the first ones by start', async () => {
    const traceId = '6'.repeat(32);
    const rows = Array.from({ length: 1200 }, (_, index) =>
      traceRow({
        traceId,
        spanId: (index + 1).toString(16).padStart(16, '0'),
        startUnixNano: NOW_NANO + BigInt(1200 - index) * 1000n,
      }),
    );
    await store(...rows);
    const spans = await readTrace(database, traceId);
    expect(spans).toHaveLength(1000);
    expect(spans.map(({ startUs }) => startUs)).toEqual(spans.map((_, index) => index));
    expect(await readTrace(database, traceId, 3)).toHaveLength(3);
  });

  it.each([['7'.repeat(32)], ['not an id'], ["' OR 1 = 1 --"], ['']])('are none where %j is no stored trace', async (traceId) => {
    expect(await readTrace(database, traceId)).toEqual([]);
  });
});
