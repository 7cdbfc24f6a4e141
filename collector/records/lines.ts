import { CONTROL_TYPES, HEADERS, type LogRecord, TABLES, TOPICS } from '#core';
import { changeOf } from './change.ts';

/** Stands for an entity where it is stored: its pseudonym, or itself where it says nothing of a person. */
export type EntityName = (entity: string) => string;

/** How the records of a topic become rows of a table. */
export interface RecordKind {
  readonly table: string;
  readonly columns: readonly string[];
  /** What stands before the record's own JSON in its line; undefined: the record is no row. */
  readonly prefix: (record: LogRecord, entityName: EntityName) => string | undefined;
}

const byEntity = (record: LogRecord, entityName: EntityName): string =>
  `[${record.timestampMs},${record.key === undefined ? '""' : JSON.stringify(entityName(record.key))},`;

const byTime = ({ timestampMs }: LogRecord): string => `[${timestampMs},`;

const RECORD_COLUMNS = ['ingested_ms', 'record'] as const;
const ENTITY_COLUMNS = ['ingested_ms', 'entity', 'record'] as const;

/** The outbox's topics, in the order in which a person would look for their rows. */
export const RECORD_KINDS: Readonly<Record<string, RecordKind>> = {
  [TOPICS.decisions]: { table: TABLES.decisions, columns: ENTITY_COLUMNS, prefix: byEntity },
  [TOPICS.receipts]: { table: TABLES.receipts, columns: ENTITY_COLUMNS, prefix: byEntity },
  [TOPICS.outcomes]: { table: TABLES.outcomes, columns: ENTITY_COLUMNS, prefix: byEntity },
  [TOPICS.batches]: { table: TABLES.batches, columns: RECORD_COLUMNS, prefix: byTime },
  [TOPICS.control]: {
    table: TABLES.changes,
    columns: ['ingested_ms', 'change_id', 'kind', 'subject', 'at', 'recorded', 'actor', 'summary', 'fact'],
    prefix: changePrefix,
  },
  [TOPICS.drift]: { table: TABLES.driftResults, columns: RECORD_COLUMNS, prefix: byTime },
  [TOPICS.fields]: { table: TABLES.fieldProfiles, columns: RECORD_COLUMNS, prefix: byTime },
  [TOPICS.groups]: { table: TABLES.groupSamples, columns: RECORD_COLUMNS, prefix: byTime },
  [TOPICS.failures]: { table: TABLES.failures, columns: RECORD_COLUMNS, prefix: byTime },
  [TOPICS.alerts]: { table: TABLES.alertEvents, columns: RECORD_COLUMNS, prefix: byTime },
};

/** A fact's row holds the fact itself as text: a JSON string, whose quotes `appendLine` leaves to this prefix. */
function changePrefix(record: LogRecord): string | undefined {
  const type = record.headers[HEADERS.type] ?? '';
  if (!Object.values<string>(CONTROL_TYPES).includes(type)) return undefined;
  const { id, kind, subject, atMs, actor, summary, fact } = changeOf(record);
  const cells = [record.timestampMs, id, kind, subject, dateTime(atMs), dateTime(record.timestampMs), actor, summary, fact];
  return JSON.stringify(cells);
}

/** As ClickHouse reads a DateTime64(3) in UTC. */
function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

const INITIAL_BYTES = 64 * 1024;
const CLOSING = ']\n';
/** UTF-8 needs at most three bytes for a UTF-16 unit. */
const MAX_BYTES_A_UNIT = 3;

/** Lines of one batch of rows: a record's bytes go in as they are, nothing of it is parsed. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  #rows = 0;

  get byteLength(): number {
    return this.#length;
  }

  get rowCount(): number {
    return this.#rows;
  }

  /** What was appended so far; valid until the next append. */
  get lines(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Makes it empty; its memory is kept. */
  clear(): void {
    this.#length = 0;
    this.#rows = 0;
  }

  /** Adds `prefix`, the record's JSON, and the line's end; a prefix that ends its array is the whole line. */
  append(prefix: string, json: Uint8Array): void {
    const isWhole = prefix.endsWith(']');
    this.#reserve(prefix.length * MAX_BYTES_A_UNIT + json.length + CLOSING.length);
    this.#length += this.#bytes.write(prefix, this.#length);
    if (!isWhole) {
      this.#bytes.set(json, this.#length);
      this.#length += json.length;
    }
    this.#length += this.#bytes.write(isWhole ? '\n' : CLOSING, this.#length, 'latin1');
    this.#rows += 1;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    grown.set(this.lines);
    this.#bytes = grown;
  }
}
