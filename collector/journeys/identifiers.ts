import { type Database, type EpochMs, type Fate, TABLES } from '#core';
import { msOf } from './stored.ts';

/** What a text that a person typed stands for. */
export interface Identified {
  /** Events of that id, those that entered scoring first. */
  readonly events: readonly IdentifiedEvent[];
  /** Events of that trace. */
  readonly traced: readonly IdentifiedEvent[];
  readonly entity: { readonly decisions: number; readonly receipts: number; readonly newestMs: EpochMs } | undefined;
}

export interface IdentifiedEvent {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly fate: Fate;
  readonly timeMs: EpochMs;
}

export interface IdentifierQuestion {
  readonly text: string;
  /** The text as an entity is stored: itself, or its pseudonym. */
  readonly entities: readonly string[];
}

const MAX_EVENTS = 5;
const MAX_SECONDS = 3;
const TRACE_ID = /^[0-9a-f]{32}$/u;

const eventsWhere = (condition: string): string =>
  [TABLES.decisions, TABLES.receipts]
    .map(
      (table, rank) => `(SELECT source, event_id AS id, event_type AS type, fate, ${msOf('event_time')} AS timeMs, ${rank} AS rank
    FROM ${table} WHERE ${condition} ORDER BY ingested, partition, offset LIMIT ${MAX_EVENTS})`,
    )
    .join(' UNION ALL ');

const firstOf = (condition: string): string =>
  `SELECT source, id, type, fate, timeMs FROM (${eventsWhere(condition)}) ORDER BY rank LIMIT ${MAX_EVENTS}`;
const BY_ID = firstOf('event_id = {text:String}');
const BY_TRACE = firstOf('trace_id = toFixedString(unhex({text:String}), 16)');

const countOf = (table: string): string =>
  `SELECT toFloat64(count()) AS found, ${msOf('max(event_time)')} AS newest_ms FROM ${table} WHERE entity IN {entities:Array(String)}`;

interface CountRow {
  readonly found: number;
  readonly newest_ms: number;
}

/** Looks a text up as an event's id, a trace's id and an entity, side by side. */
export async function findIdentifiers(database: Database, { text, entities }: IdentifierQuestion): Promise<Identified> {
  const options = { params: { text }, maxSeconds: MAX_SECONDS };
  const ofEntity = { params: { entities }, maxSeconds: MAX_SECONDS };
  const [events, traced, decisions, receipts] = await Promise.all([
    database.query<IdentifiedEvent>(BY_ID, options),
    TRACE_ID.test(text) ? database.query<IdentifiedEvent>(BY_TRACE, options) : [],
    database.query<CountRow>(countOf(TABLES.decisions), ofEntity),
    database.query<CountRow>(countOf(TABLES.receipts), ofEntity),
  ]);
  return { events, traced, entity: entityOf(decisions[0], receipts[0]) };
}

function entityOf(decisions: CountRow | undefined, receipts: CountRow | undefined): Identified['entity'] {
  const counts = { decisions: decisions?.found ?? 0, receipts: receipts?.found ?? 0 };
  if (counts.decisions + counts.receipts === 0) return undefined;
  return { ...counts, newestMs: Math.max(decisions?.newest_ms ?? 0, receipts?.newest_ms ?? 0) };
}
