import type { TextAttributes } from './attributes.ts';

/** Something that happened within a span. */
export interface SpanEventRow {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: TextAttributes;
}

export interface SpanLinkRow {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: TextAttributes;
}

/** A row of `otel_traces`: a span. Ids are lower-case hex; a root's parent is ''. */
export interface TraceRow {
  readonly startUnixNano: bigint;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  /** Unspecified, Internal, Server, Client, Producer or Consumer. */
  readonly kind: string;
  readonly serviceName: string;
  readonly resourceAttributes: TextAttributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly attributes: TextAttributes;
  readonly durationNano: bigint;
  /** Unset, Ok or Error. */
  readonly statusCode: string;
  readonly statusMessage: string;
  readonly events: readonly SpanEventRow[];
  readonly links: readonly SpanLinkRow[];
}

/** Columns of `otel_traces` in the order of a line's values. */
export const TRACE_COLUMNS = [
  'Timestamp',
  'TraceId',
  'SpanId',
  'ParentSpanId',
  'TraceState',
  'SpanName',
  'SpanKind',
  'ServiceName',
  'ResourceAttributes',
  'ScopeName',
  'ScopeVersion',
  'SpanAttributes',
  'Duration',
  'StatusCode',
  'StatusMessage',
  'Events.Timestamp',
  'Events.Name',
  'Events.Attributes',
  'Links.TraceId',
  'Links.SpanId',
  'Links.TraceState',
  'Links.Attributes',
] as const;

const NANOS = 1_000_000_000n;

/** A row as a line of JSONCompactEachRow, without the line break. */
export function traceLineOf(row: TraceRow): string {
  const { events, links } = row;
  const line = JSON.stringify([
    secondsOf(row.startUnixNano),
    row.traceId,
    row.spanId,
    row.parentSpanId,
    row.traceState,
    row.name,
    row.kind,
    row.serviceName,
    row.resourceAttributes,
    row.scopeName,
    row.scopeVersion,
    row.attributes,
    String(row.durationNano),
    row.statusCode,
    row.statusMessage,
    events.map((event) => secondsOf(event.timeUnixNano)),
    events.map((event) => event.name),
    events.map((event) => event.attributes),
    links.map((link) => link.traceId),
    links.map((link) => link.spanId),
    links.map((link) => link.traceState),
    links.map((link) => link.attributes),
  ]);
  return line.includes('\\ud') ? withoutLoneSurrogates(line) : line;
}

/**
 * Seconds since 1970 with nine decimals: unlike a written date it means the same in every time zone of a server. With fewer than ten
 * digits before the point, ClickHouse would take it for a date.
 */
function secondsOf(unixNano: bigint): string {
  return `${String(unixNano / NANOS).padStart(10, '0')}.${String(unixNano % NANOS).padStart(9, '0')}`;
}

/** JSON.stringify escapes half a surrogate pair, and ClickHouse refuses such a line with all that came with it. */
function withoutLoneSurrogates(json: string): string {
  return json.replaceAll(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/gu, (escape, surrogate?: string) =>
    surrogate === undefined ? escape : '\uFFFD',
  );
}
