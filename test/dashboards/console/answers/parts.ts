import { createHash } from 'node:crypto';
import type { JourneySummary, Span } from '#core';

/** Pieces of the canned answers: the shop's year, with what the real line cannot show at will. Deterministic throughout. */

const SHOP = '/shop/united-kingdom';
export const PIPELINE = 'repurchase';

/** Hex digits that follow from a text. */
export function hex(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** A number from 0 to 1 that follows from a text. */
export function fraction(text: string): number {
  return Number.parseInt(hex(text, 8), 16) / 0xffffffff;
}

export function identity(id: string, time: string, source = SHOP): JourneySummary['event'] {
  const kind = id.split(':')[1] ?? '';
  const types: Readonly<Record<string, string>> = { completed: 'purchase.completed', cancelled: 'purchase.cancelled' };
  return { source, id, type: types[kind] ?? 'basket.updated', time };
}

export function entity(customer: string): NonNullable<JourneySummary['entity']> {
  return { value: hex(customer, 16), isPseudonym: true, property: 'customerId' };
}

/** ISO time so many minutes before the newest event. */
export function minutesBefore(minutes: number): string {
  return new Date(Date.parse('2011-12-09T12:50:00.000Z') - minutes * 60_000).toISOString();
}

/** A summary of a scored event. */
export function scored(id: string, time: string, more: Partial<JourneySummary> = {}): JourneySummary {
  const score = Math.round(fraction(id) * 1_000) / 1_000;
  return {
    fate: 'scored',
    event: identity(id, time),
    entity: entity(id),
    pipeline: PIPELINE,
    model: { name: 'repurchase', version: 1, role: 'live' },
    score,
    decision: score < 0.35 ? 'suggest_winback' : 'none',
    label: null,
    reason: null,
    traceId: hex(id, 32),
    endToEndUs: 41_000 + Math.round(fraction(`${id} latency`) * 60_000),
    isBreach: false,
    replay: true,
    ...more,
  };
}

/** A summary of an event that its contract refuses. */
export function quarantined(id: string, time: string, reason: string): JourneySummary {
  return {
    ...scored(id, time),
    fate: 'quarantined',
    entity: null,
    model: null,
    score: null,
    decision: null,
    reason,
    endToEndUs: null,
  };
}

interface SpanSketch {
  readonly name: string;
  readonly parent?: string;
  readonly startUs: number;
  readonly durationUs: number;
  readonly status?: 'Ok' | 'Error';
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Spans of one trace, their ids from their names. */
export function spans(traceId: string, start: string, sketches: readonly SpanSketch[]): Span[] {
  return sketches.map(({ name, parent, startUs, durationUs, status = 'Ok', attributes = {} }) => ({
    traceId,
    spanId: hex(`${traceId} ${name}`, 16),
    parentSpanId: parent === undefined ? '' : hex(`${traceId} ${parent}`, 16),
    name,
    kind: parent === undefined ? 'CONSUMER' : 'INTERNAL',
    service: 'throughline',
    start: new Date(Date.parse(start) + startUs / 1_000).toISOString(),
    startUs,
    durationUs,
    status,
    statusMessage: status === 'Error' ? 'the contract refuses the event' : '',
    attributes: { ...attributes },
    links: [],
  }));
}
