import type { EpochMs, FieldProfileRecord, LogRecord } from '#core';
import { createFieldReader, type FieldContract, type FieldReader } from './numeric-fields.ts';
import { type ProfiledEvent, readEvent } from './profiled-event.ts';
import { QuantileSketch } from './quantile-sketch.ts';

export const DAY_MS = 86_400_000;
/** Where the fields of producers are added up that are more than a partition's profiles tell apart. */
export const OTHER_PRODUCERS = '(other producers)';

export interface ProfileLimits {
  /** Producers that are told apart between two commits of a partition; the others are added up under one name. */
  readonly maxProducers: number;
  /** Sketches in memory of a partition; as many, and they are written at once instead of at the day's end. */
  readonly maxSketches: number;
}

export const PROFILE_LIMITS: ProfileLimits = { maxProducers: 500, maxSketches: 5000 };

/** The numeric fields of a subject, ready to be read. */
interface SubjectFields {
  readonly contractVersion: number;
  readonly fields: readonly { readonly field: string; readonly read: FieldReader }[];
}
export type ProfiledSubjects = ReadonlyMap<string, SubjectFields>;

/** One producer's events of one subject on one day. */
interface ProducerDay {
  readonly subject: string;
  readonly source: string;
  readonly fromMs: EpochMs;
  readonly fields: readonly { readonly sketch: QuantileSketch; missing: number }[];
}

/** Whose profiles they are. */
export interface ProfilePlace {
  readonly pipeline: string;
  readonly partition: number;
}

/** The subjects to profile, of each its newest contract; those without numeric fields are left out. */
export function profiledSubjects(contracts: readonly FieldContract[]): ProfiledSubjects {
  const subjects = new Map<string, SubjectFields>();
  for (const { subject, contractVersion, fields } of contracts.toSorted((a, b) => a.contractVersion - b.contractVersion)) {
    if (fields.length === 0) subjects.delete(subject);
    else subjects.set(subject, { contractVersion, fields: fields.map((field) => ({ field, read: createFieldReader(field) })) });
  }
  return subjects;
}

/**
 * What the producers of one partition sent, by UTC day of event time, since the last commit. A field that is absent, null or no finite
 * number counts as missing; an event that is not readable as JSON is only counted. Redelivered events count again: nothing is
 * looked up.
 */
export class DayProfiles {
  readonly #place: ProfilePlace;
  readonly #subjects: ProfiledSubjects;
  readonly #limits: ProfileLimits;
  readonly #days = new Map<string, ProducerDay>();
  readonly #producers = new Set<string>();
  readonly #isWanted: (subject: string) => boolean;
  /** The lines of an order follow each other: most events are of the same producer and day as the one before. */
  #latest: ProducerDay | undefined;
  #firstEndMs: EpochMs = Number.POSITIVE_INFINITY;
  #sketches = 0;
  #unreadable = 0;
  #isCrowded = false;

  constructor(place: ProfilePlace, subjects: ProfiledSubjects, limits: ProfileLimits = PROFILE_LIMITS) {
    this.#place = place;
    this.#subjects = subjects;
    this.#limits = limits;
    this.#isWanted = (subject) => subjects.has(subject);
  }

  get isEmpty(): boolean {
    return this.#days.size === 0;
  }

  /** Whether they take as much memory as they may. */
  get isFull(): boolean {
    return this.#sketches >= this.#limits.maxSketches;
  }

  /** Whether there were more producers than are told apart. */
  get isCrowded(): boolean {
    return this.#isCrowded;
  }

  /** Events that could not be read, since the start. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Takes an event as it stands in the log. */
  add(record: LogRecord): void {
    const event = readEvent(record, this.#isWanted);
    if (event === 'unreadable') this.#unreadable += 1;
    else if (event !== undefined) this.addEvent(event);
  }

  addEvent({ subject, source, timeMs, data }: ProfiledEvent): void {
    const known = this.#subjects.get(subject);
    if (known === undefined) return;
    const { fields } = this.#dayOf(
      { subject, source: this.#nameOf(source), fromMs: Math.floor(timeMs / DAY_MS) * DAY_MS },
      known,
    );
    for (const [index, profile] of fields.entries()) {
      const value = known.fields[index]?.read(data);
      if (typeof value === 'number' && Number.isFinite(value)) profile.sketch.add(value);
      else profile.missing += 1;
    }
  }

  /** Whether a day that it holds something of is over at this watermark. */
  hasEndedBy(watermarkMs: EpochMs): boolean {
    return this.#firstEndMs <= watermarkMs;
  }

  /** All that it holds, and forgets it. */
  take(): readonly FieldProfileRecord[] {
    const records = [...this.#days.values()].flatMap((day) => this.#recordsOf(day));
    this.#days.clear();
    this.#producers.clear();
    this.#latest = undefined;
    this.#firstEndMs = Number.POSITIVE_INFINITY;
    this.#sketches = 0;
    return records;
  }

  #nameOf(source: string): string {
    if (this.#producers.has(source)) return source;
    if (this.#producers.size >= this.#limits.maxProducers) {
      this.#isCrowded = true;
      return OTHER_PRODUCERS;
    }
    this.#producers.add(source);
    return source;
  }

  #dayOf(at: Omit<ProducerDay, 'fields'>, known: SubjectFields): ProducerDay {
    const latest = this.#latest;
    if (latest?.fromMs === at.fromMs && latest.source === at.source && latest.subject === at.subject) return latest;
    const key = `${at.fromMs} ${at.subject} ${at.source}`;
    this.#latest = this.#days.get(key) ?? this.#begin(key, at, known);
    return this.#latest;
  }

  #begin(key: string, at: Omit<ProducerDay, 'fields'>, known: SubjectFields): ProducerDay {
    const begun = { ...at, fields: known.fields.map(() => ({ sketch: new QuantileSketch(), missing: 0 })) };
    this.#days.set(key, begun);
    this.#sketches += begun.fields.length;
    this.#firstEndMs = Math.min(this.#firstEndMs, at.fromMs + DAY_MS);
    return begun;
  }

  #recordsOf({ subject, source, fromMs, fields }: ProducerDay): readonly FieldProfileRecord[] {
    const known = this.#subjects.get(subject);
    if (known === undefined) return [];
    const { contractVersion } = known;
    const window = { fromMs, toMs: fromMs + DAY_MS };
    return fields.map(({ sketch, missing }, index) => ({
      ...this.#place,
      subject,
      contractVersion,
      source,
      field: known.fields[index]?.field ?? '',
      window,
      missing,
      ...sketch.parts(),
    }));
  }
}
