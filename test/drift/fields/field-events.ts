import { type EventLog, envelopeHeaders, type FieldProfileRecord, HEADERS, type NewRecord, TOPICS } from '#core';
import type { FieldContract } from '../../../drift/fields/numeric-fields.ts';
import { QuantileSketch } from '../../../drift/fields/quantile-sketch.ts';
import { recordsOf } from '../../support/topic-contents.ts';

/** Events with numbers in them, and what of them must be in the profiles. */

export const TOPIC = 'shop.events';
export const PARTITIONS = 3;
export const DAY_MS = 86_400_000;
export const FROM_MS = Date.UTC(2011, 8, 5);
export const CONTRACTS: readonly FieldContract[] = [
  { subject: 'basket.updated', contractVersion: 2, owner: 'shop-platform', fields: ['/unitPrice', '/size/width'] },
  { subject: 'basket.updated', contractVersion: 1, owner: 'shop-platform', fields: ['/price'] },
  { subject: 'basket.opened', contractVersion: 1, owner: 'shop-platform', fields: [] },
];

export interface PricedEvent {
  readonly partition: number;
  readonly source: string;
  readonly timeMs: number;
  readonly unitPrice?: unknown;
}

let ids = 0;

export function eventRecord({ partition, source, timeMs, unitPrice }: PricedEvent): NewRecord {
  const headers = envelopeHeaders({ id: `e${ids++}`, source, type: 'basket.updated', timeMs });
  return { topic: TOPIC, partition, headers, value: JSON.stringify({ unitPrice, size: { width: 2 } }) };
}

export function watermarkRecord(partition: number, timeMs: number): NewRecord {
  return { topic: TOPIC, partition, headers: { [HEADERS.watermark]: new Date(timeMs).toISOString() }, value: '' };
}

export async function createFieldTopics(log: EventLog): Promise<void> {
  await log.createTopic({ name: TOPIC, partitions: PARTITIONS, retention: {} });
  await log.createTopic({ name: TOPICS.fields, partitions: 1, retention: {} });
}

export async function profilesOf(log: EventLog): Promise<readonly FieldProfileRecord[]> {
  const records = await recordsOf(log, TOPICS.fields);
  return records.map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as FieldProfileRecord);
}

export interface Totals {
  readonly values: number;
  readonly missing: number;
  readonly buckets: string;
}

/** Profiles added up by field, producer, partition and day, as every reader does. */
export function addedUp(profiles: readonly FieldProfileRecord[]): ReadonlyMap<string, Totals> {
  const sums = new Map<string, { sketch: QuantileSketch; missing: number }>();
  for (const profile of profiles) {
    const { field, source, partition, window } = profile;
    const key = [field, source, partition, new Date(window.fromMs).toISOString().slice(0, 10)].join(' ');
    const sum = sums.get(key) ?? { sketch: new QuantileSketch(), missing: 0 };
    sum.sketch.merge(profile);
    sum.missing += profile.missing;
    sums.set(key, sum);
  }
  return new Map([...sums].map(([key, { sketch, missing }]) => [key, totalsOf(sketch, missing)]));
}

function totalsOf(sketch: QuantileSketch, missing: number): Totals {
  const { values, zeros, positive, negative } = sketch.parts();
  return { values, missing, buckets: JSON.stringify([zeros, positive, negative]) };
}

/** What the profiles must add up to for one field, straight from the events of days that ended before `untilMs`. */
export function expectedPrices(events: readonly PricedEvent[], untilMs: number): ReadonlyMap<string, Totals> {
  const groups = new Map<string, PricedEvent[]>();
  for (const event of events) {
    const dayMs = Math.floor(event.timeMs / DAY_MS) * DAY_MS;
    if (dayMs + DAY_MS > untilMs) continue;
    const key = ['/unitPrice', event.source, event.partition, new Date(dayMs).toISOString().slice(0, 10)].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return new Map([...groups].map(([key, group]) => [key, totalsOfEvents(group)]));
}

function totalsOfEvents(events: readonly PricedEvent[]): Totals {
  const sketch = new QuantileSketch();
  const numbers = events.map(({ unitPrice }) => unitPrice).filter((price) => typeof price === 'number');
  for (const price of numbers) sketch.add(price);
  return totalsOf(sketch, events.length - numbers.length);
}
