import type { LogRecord, PolledBatch, TopicPartition } from '#core';
import { type EntityName, LineBuffer, RECORD_KINDS } from './lines.ts';

/** Offsets `from` (inclusive) to `to` (exclusive) of one partition. */
export interface Slice {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** What goes to the store in one insert: slices of one topic, in the order in which their rows stand. */
export interface Shipment {
  readonly topic: string;
  readonly slices: readonly Slice[];
  readonly lines: readonly Uint8Array[];
  readonly rowCount: number;
}

interface OpenSlice extends TopicPartition {
  readonly from: number;
  to: number;
  readonly rows: LineBuffer;
}

/**
 * What is gathered for one trip to the store. An insert costs the store tens of milliseconds whatever it holds, so there is one
 * for each topic and not for each partition. Kept between rounds for its buffers: `clear` makes it empty again.
 */
export class Round {
  readonly #entityName: EntityName;
  readonly #slices = new Map<string, OpenSlice>();
  readonly #spare: LineBuffer[] = [];
  #records = 0;
  #bytes = 0;

  constructor(entityName: EntityName) {
    this.#entityName = entityName;
  }

  get recordCount(): number {
    return this.#records;
  }

  get byteLength(): number {
    return this.#bytes;
  }

  /** A shipment a topic; valid until the next `add` or `clear`. */
  get shipments(): readonly Shipment[] {
    const topics = new Set([...this.#slices.values()].map(({ topic }) => topic));
    return [...topics].map((topic) => this.#shipmentOf(topic));
  }

  add({ topic, partition, records }: PolledBatch): void {
    const [first] = records;
    if (first === undefined) return;
    const slice = this.#sliceOf({ topic, partition }, first.offset);
    const before = slice.rows.byteLength;
    for (const record of records) this.#append(slice.rows, record);
    slice.to = (records.at(-1)?.offset ?? first.offset) + 1;
    this.#records += records.length;
    this.#bytes += slice.rows.byteLength - before;
  }

  /** Takes a slice that is known to the end, whatever of it the log still has. */
  addSlice(topic: string, { partition, from, to }: Slice, records: readonly LogRecord[]): void {
    const slice = this.#sliceOf({ topic, partition }, from);
    for (const record of records) this.#append(slice.rows, record);
    slice.to = to;
    this.#records += records.length;
  }

  clear(): void {
    for (const { rows } of this.#slices.values()) {
      rows.clear();
      this.#spare.push(rows);
    }
    this.#slices.clear();
    this.#records = 0;
    this.#bytes = 0;
  }

  #sliceOf({ topic, partition }: TopicPartition, from: number): OpenSlice {
    const key = `${topic}/${partition}`;
    const known = this.#slices.get(key);
    if (known !== undefined) return known;
    const slice = { topic, partition, from, to: from, rows: this.#spare.pop() ?? new LineBuffer() };
    this.#slices.set(key, slice);
    return slice;
  }

  #append(rows: LineBuffer, record: LogRecord): void {
    const prefix = RECORD_KINDS[record.topic]?.prefix(record, this.#entityName);
    if (prefix !== undefined) rows.append(prefix, record.value);
  }

  #shipmentOf(topic: string): Shipment {
    const slices = [...this.#slices.values()].filter((slice) => slice.topic === topic);
    return {
      topic,
      slices: slices.map(({ partition, from, to }) => ({ partition, from, to })),
      lines: slices.map(({ rows }) => rows.lines),
      rowCount: slices.reduce((sum, { rows }) => sum + rows.rowCount, 0),
    };
  }
}
