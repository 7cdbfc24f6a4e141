import { type EpochMs, messageOf, ThroughlineError } from '#core';
import { attributesAt, type TextAttributes } from './attributes.ts';
import { enumAt, fieldError, idAt, listAt, objectAt, optionalIdAt, textAt, uint64At } from './fields.ts';
import { TRACE_TTL_DAYS } from './migrations.ts';
import type { SpanEventRow, SpanLinkRow, TraceRow } from './trace-row.ts';

export interface ParseOptions {
  /** The processing clock, to refuse spans whose partition is gone or not yet there. */
  readonly nowMs: EpochMs;
  /** Spans of one request; the rest is rejected. Default 20,000. */
  readonly maxSpans?: number;
}

/** What of a request can be stored, and how much of it cannot. */
export interface ParsedTraces {
  readonly rows: readonly TraceRow[];
  readonly rejectedSpans: number;
  /** Says of the first ones why and where; '' where none was rejected. */
  readonly errorMessage: string;
}

const DEFAULT_MAX_SPANS = 20_000;
const MAX_SENTENCES = 3;
const DAY_MS = 86_400_000;
const NANOS_PER_MS = 1_000_000n;

const KINDS = { prefix: 'SPAN_KIND_', names: ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'] };
const STATUS_CODES = { prefix: 'STATUS_CODE_', names: ['Unset', 'Ok', 'Error'] };

/**
 * Rows of an ExportTraceServiceRequest that was read as JSON. A span that is not what OTLP says is left out and reported (OTLP's
 * partial success); a resource or a scope that is not throws OTLP_FIELD_INVALID, as nobody can say how many spans it holds.
 */
export function parseTraces(request: unknown, options: ParseOptions): ParsedTraces {
  const collected = new Collected(options);
  if (typeof request !== 'object' || request === null) throw fieldError('the body', 'an object', request);
  for (const [index, item] of listAt(objectAt(request, 'the body')['resourceSpans'], 'resourceSpans').entries()) {
    addResource(collected, item, `resourceSpans[${index}]`);
  }
  return collected.result();
}

interface Origin {
  readonly serviceName: string;
  readonly resourceAttributes: TextAttributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
}

function addResource(collected: Collected, item: unknown, path: string): void {
  const { resource, scopeSpans } = objectAt(item, path);
  const resourceAttributes = attributesAt(objectAt(resource, `${path}.resource`)['attributes'], `${path}.resource.attributes`);
  const serviceName = resourceAttributes['service.name'] ?? '';
  for (const [index, inner] of listAt(scopeSpans, `${path}.scopeSpans`).entries()) {
    const scopePath = `${path}.scopeSpans[${index}]`;
    const { scope, spans } = objectAt(inner, scopePath);
    const { name, version } = objectAt(scope, `${scopePath}.scope`);
    const origin = {
      serviceName,
      resourceAttributes,
      scopeName: textAt(name, `${scopePath}.scope.name`),
      scopeVersion: textAt(version, `${scopePath}.scope.version`),
    };
    collected.add(listAt(spans, `${scopePath}.spans`), { origin, path: `${scopePath}.spans` });
  }
}

class Collected {
  readonly #rows: TraceRow[] = [];
  readonly #sentences: string[] = [];
  readonly #maxSpans: number;
  readonly #nowMs: EpochMs;
  #rejected = 0;
  #seen = 0;

  constructor({ nowMs, maxSpans }: ParseOptions) {
    this.#nowMs = nowMs;
    this.#maxSpans = maxSpans ?? DEFAULT_MAX_SPANS;
  }

  add(spans: readonly unknown[], { origin, path }: { readonly origin: Origin; readonly path: string }): void {
    const room = this.#maxSpans - this.#seen;
    this.#seen += Math.min(room, spans.length);
    for (const [index, span] of spans.slice(0, room).entries()) this.#addSpan(span, { origin, path: `${path}[${index}]` });
    if (spans.length <= room) return;
    this.#reject(`a request may hold ${this.#maxSpans} spans: what follows ${path}[${room}] was left out`, spans.length - room);
  }

  result(): ParsedTraces {
    const more = this.#rejected > this.#sentences.length && this.#sentences.length === MAX_SENTENCES ? ['…'] : [];
    return { rows: this.#rows, rejectedSpans: this.#rejected, errorMessage: [...this.#sentences, ...more].join('; ') };
  }

  #addSpan(span: unknown, at: { readonly origin: Origin; readonly path: string }): void {
    try {
      const row = rowOf(span, at);
      checkAge(row, { nowMs: this.#nowMs, path: at.path });
      this.#rows.push(row);
    } catch (error) {
      if (!(error instanceof ThroughlineError)) throw error;
      this.#reject(messageOf(error), 1);
    }
  }

  #reject(sentence: string, spans: number): void {
    this.#rejected += spans;
    if (this.#sentences.length < MAX_SENTENCES) this.#sentences.push(sentence);
  }
}

function rowOf(item: unknown, { origin, path }: { readonly origin: Origin; readonly path: string }): TraceRow {
  if (item === null || item === undefined) throw fieldError(path, 'an object', item);
  const span = objectAt(item, path);
  const status = objectAt(span['status'], `${path}.status`);
  const startUnixNano = uint64At(span['startTimeUnixNano'], `${path}.startTimeUnixNano`);
  const endUnixNano = uint64At(span['endTimeUnixNano'], `${path}.endTimeUnixNano`);
  if (endUnixNano < startUnixNano)
    throw fieldError(`${path}.endTimeUnixNano`, 'at or after startTimeUnixNano', span['endTimeUnixNano']);
  return {
    startUnixNano,
    traceId: idAt(span['traceId'], `${path}.traceId`, 16),
    spanId: idAt(span['spanId'], `${path}.spanId`, 8),
    parentSpanId: optionalIdAt(span['parentSpanId'], `${path}.parentSpanId`, 8),
    traceState: textAt(span['traceState'], `${path}.traceState`),
    name: textAt(span['name'], `${path}.name`),
    kind: enumAt(span['kind'], `${path}.kind`, KINDS),
    ...origin,
    attributes: attributesAt(span['attributes'], `${path}.attributes`),
    durationNano: endUnixNano - startUnixNano,
    statusCode: enumAt(status['code'], `${path}.status.code`, STATUS_CODES),
    statusMessage: textAt(status['message'], `${path}.status.message`),
    events: listAt(span['events'], `${path}.events`).map((event, index) => eventOf(event, `${path}.events[${index}]`)),
    links: listAt(span['links'], `${path}.links`).map((link, index) => linkOf(link, `${path}.links[${index}]`)),
  };
}

function eventOf(item: unknown, path: string): SpanEventRow {
  const { timeUnixNano, name, attributes } = objectAt(item, path);
  return {
    timeUnixNano: uint64At(timeUnixNano, `${path}.timeUnixNano`),
    name: textAt(name, `${path}.name`),
    attributes: attributesAt(attributes, `${path}.attributes`),
  };
}

function linkOf(item: unknown, path: string): SpanLinkRow {
  const { traceId, spanId, traceState, attributes } = objectAt(item, path);
  return {
    traceId: idAt(traceId, `${path}.traceId`, 16),
    spanId: idAt(spanId, `${path}.spanId`, 8),
    traceState: textAt(traceState, `${path}.traceState`),
    attributes: attributesAt(attributes, `${path}.attributes`),
  };
}

/** A span older than the table keeps would be deleted at once, and spans of a hundred different days would break an insert. */
function checkAge(
  { startUnixNano, events }: TraceRow,
  { nowMs, path }: { readonly nowMs: EpochMs; readonly path: string },
): void {
  const oldest = BigInt(Math.trunc(nowMs - TRACE_TTL_DAYS * DAY_MS)) * NANOS_PER_MS;
  const newest = BigInt(Math.trunc(nowMs + DAY_MS)) * NANOS_PER_MS;
  if (startUnixNano < oldest || startUnixNano > newest) {
    const expected = `within the last ${TRACE_TTL_DAYS} days (spans are stored for so long) and not more than a day ahead`;
    throw fieldError(`${path}.startTimeUnixNano`, expected, String(startUnixNano));
  }
  const stray = events.findIndex(({ timeUnixNano }) => timeUnixNano > MAX_DATE_TIME_NANO);
  if (stray !== -1)
    throw fieldError(`${path}.events[${stray}].timeUnixNano`, 'a time before 2262', String(events[stray]?.timeUnixNano));
}

/** DateTime64(9) counts in a signed 64-bit integer. */
const MAX_DATE_TIME_NANO = 2n ** 63n - 1n;
