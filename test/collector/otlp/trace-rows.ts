import type { TraceRow } from '../../../collector/otlp/trace-row.ts';

export const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** A span of now: what is older than the tables keep would not stay. */
export const NOW_NANO = BigInt(Math.trunc(performance.timeOrigin)) * 1_000_000n;

export function traceRow(changes: Partial<TraceRow> = {}): TraceRow {
  return {
    startUnixNano: NOW_NANO,
    traceId: TRACE,
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    traceState: '',
    name: 'work',
    kind: 'Internal',
    serviceName: 'shop',
    resourceAttributes: { 'service.name': 'shop' },
    scopeName: 'tests',
    scopeVersion: '1',
    attributes: {},
    durationNano: 1_000_000n,
    statusCode: 'Unset',
    statusMessage: '',
    events: [],
    links: [],
    ...changes,
  };
}
