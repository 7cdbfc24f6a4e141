import { type Database, type Span, TABLES } from '#core';

/** Spans of one trace that are read at most; default of `readTrace`. */
export const MAX_TRACE_SPANS = 1000;

interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: string;
  readonly service: string;
  readonly startNano: string;
  readonly durationNano: string;
  readonly status: string;
  readonly statusMessage: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly linkTraceIds: readonly string[];
  readonly linkSpanIds: readonly string[];
}

/**
 * The table is ordered by service and name, so the trace's time range comes from the small table first: only partitions and granules
 * of those seconds are looked at, whatever the services. A batch that was stored twice (a retry without its token) shows once.
 */
const STATEMENT = `WITH
  (SELECT min(Start) FROM ${TABLES.traceTimes} WHERE TraceId = {traceId:String}) AS trace_start,
  (SELECT max(End) + 1 FROM ${TABLES.traceTimes} WHERE TraceId = {traceId:String}) AS trace_end
SELECT
  TraceId AS traceId,
  SpanId AS spanId,
  ParentSpanId AS parentSpanId,
  SpanName AS name,
  SpanKind AS kind,
  ServiceName AS service,
  toString(toUnixTimestamp64Nano(Timestamp)) AS startNano,
  toString(Duration) AS durationNano,
  StatusCode AS status,
  StatusMessage AS statusMessage,
  SpanAttributes AS attributes,
  Links.TraceId AS linkTraceIds,
  Links.SpanId AS linkSpanIds
FROM ${TABLES.traces}
WHERE TraceId = {traceId:String} AND Timestamp >= trace_start AND Timestamp <= trace_end
ORDER BY Timestamp, Duration DESC, SpanId
LIMIT 1 BY SpanId, SpanName, Timestamp
LIMIT {maxSpans:UInt32}`;

/** The first spans of a trace by their start, for a waterfall; none where it is not stored, or where the id is none. Throws CLICKHOUSE_*. */
export async function readTrace(database: Database, traceId: string, maxSpans = MAX_TRACE_SPANS): Promise<Span[]> {
  const id = traceId.toLowerCase();
  if (!/^[0-9a-f]{32}$/u.test(id)) return [];
  const stored = await database.query<StoredSpan>(STATEMENT, { params: { traceId: id, maxSpans } });
  const firstNano = BigInt(stored[0]?.startNano ?? 0);
  return stored.map((span) => spanOf(span, firstNano));
}

function spanOf({ startNano, durationNano, linkTraceIds, linkSpanIds, ...span }: StoredSpan, firstNano: bigint): Span {
  return {
    ...span,
    start: new Date(Number(BigInt(startNano) / 1_000_000n)).toISOString(),
    startUs: Number(BigInt(startNano) - firstNano) / 1000,
    durationUs: Number(durationNano) / 1000,
    links: linkTraceIds.map((linkedTraceId, index) => ({ traceId: linkedTraceId, spanId: linkSpanIds[index] ?? '' })),
  };
}
