import { canonicalJson, type EpochMs, fingerprintOf } from '#core';
import type { ReplayFile } from '../config.ts';
import type { HistoricEvent } from './history.ts';

/** A change that one producer makes without telling anyone, as replay.yaml declares it. */
export type Incident = NonNullable<ReplayFile['incidents']>[number];

/** An incident, ready to be applied: event time epoch ms, end exclusive. */
interface Fault {
  readonly path: readonly string[];
  readonly multiply: number;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

/** A factor must leave no trace but itself: 2.55 × 100 is 255, not 254.99999999999997. */
const SIGNIFICANT_DIGITS = 12;

/** A history's events, with those changed that an incident is about; in nothing else does one show. */
export function withIncidents(
  events: Iterable<HistoricEvent, undefined>,
  incidents: readonly Incident[],
): Iterable<HistoricEvent, undefined> {
  return incidents.length === 0 ? events : changed(events, faultsOf(incidents));
}

/** Names a set of incidents by what they do, in any order, whatever they are called; empty without any. */
export function fingerprintOfIncidents(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return '';
  const parts = incidents.map(({ name: _name, description: _description, ...effect }) => canonicalJson(effect));
  return fingerprintOf(parts.toSorted());
}

function* changed(
  events: Iterable<HistoricEvent, undefined>,
  faults: ReadonlyMap<string, readonly Fault[]>,
): Generator<HistoricEvent, undefined> {
  for (const event of events) {
    let { data } = event;
    for (const fault of faults.get(producerKey(event.source, event.type)) ?? []) {
      if (event.timeMs >= fault.fromMs && event.timeMs < fault.toMs) data = multiplied(data, fault.path, fault.multiply);
    }
    yield data === event.data ? event : { ...event, data };
  }
  return undefined;
}

/** By producer and subject: half a million events ask. */
function faultsOf(incidents: readonly Incident[]): ReadonlyMap<string, readonly Fault[]> {
  const faults = new Map<string, Fault[]>();
  for (const { source, subject, field, multiply, from, to } of incidents) {
    const key = producerKey(source, subject);
    const fault = { path: pathOf(field), multiply, fromMs: Date.parse(from), toMs: Date.parse(to) };
    faults.set(key, [...(faults.get(key) ?? []), fault]);
  }
  return faults;
}

function producerKey(source: string, subject: string): string {
  return `${source}\u0000${subject}`;
}

/** Steps of a JSON pointer (RFC 6901), or the one of a property. */
function pathOf(field: string): readonly string[] {
  if (!field.startsWith('/')) return [field];
  return field
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Data = Readonly<Record<string, unknown>>;

/** The same data where there is no number at the path. */
function multiplied(data: Data, [step = '', ...rest]: readonly string[], factor: number): Data {
  const value = Object.hasOwn(data, step) ? data[step] : undefined;
  if (rest.length === 0) {
    if (typeof value !== 'number') return data;
    return { ...data, [step]: Number((value * factor).toPrecision(SIGNIFICANT_DIGITS)) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return data;
  const inner = multiplied(value as Data, rest, factor);
  return inner === value ? data : { ...data, [step]: inner };
}
