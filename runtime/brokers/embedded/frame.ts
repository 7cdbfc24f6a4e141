import type { LogRecord, RecordHeaders } from '#core';
import { viewOf } from './keys.ts';

/**
 * A frame is the stored form of a batch of records of one partition:
 *
 *   u32 length of the table · the table, a JSON array of all distinct strings · the records, one after another
 *   a record: key · number of headers · (name · value)* · length of the value · the value's bytes
 *
 * Numbers are LEB128; keys, names and values are indices into the table, a key's index is shifted by one (0: no key).
 * Strings are parsed by one JSON.parse for a batch: six headers a record cost less than one header parsed alone.
 */
export interface FrameRecord {
  readonly key?: string | undefined;
  readonly headers: RecordHeaders;
  /** Text is written as UTF-8, straight into the frame. */
  readonly value: Uint8Array | string;
}

/** Bytes that a value takes in a frame. */
export function valueLength(value: FrameRecord['value']): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

/** Where a frame's records stand: everything that is the same for all of them. */
export interface FrameOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly firstOffset: number;
  readonly timestampMs: number;
  readonly count: number;
}

const VARINT_BYTES = 5;

class StringTable {
  readonly strings: string[] = [];
  readonly #indices = new Map<string, number>();

  indexOf(text: string): number {
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    const index = this.strings.length;
    this.strings.push(text);
    this.#indices.set(text, index);
    return index;
  }
}

/** Encodes records as one frame. The result shares no memory with the records. */
export function encodeFrame(records: readonly FrameRecord[]): Buffer {
  const table = new StringTable();
  const numbers: number[] = [];
  let valueBytes = 0;
  for (const record of records) {
    pushReferences(numbers, table, record);
    valueBytes += numbers.at(-1) ?? 0;
  }
  const strings = Buffer.from(JSON.stringify(table.strings));
  const frame = Buffer.allocUnsafeSlow(4 + strings.length + numbers.length * VARINT_BYTES + valueBytes);
  frame.writeUInt32BE(strings.length, 0);
  frame.set(strings, 4);
  const end = writeRecords({ frame, at: 4 + strings.length }, numbers, records);
  return frame.subarray(0, end);
}

/** All numbers of a record in the order of the frame. */
function pushReferences(numbers: number[], table: StringTable, record: FrameRecord): void {
  const names = Object.keys(record.headers);
  numbers.push(record.key === undefined ? 0 : table.indexOf(record.key) + 1, names.length);
  for (const name of names) numbers.push(table.indexOf(name), table.indexOf(record.headers[name] ?? ''));
  numbers.push(valueLength(record.value));
}

function writeRecords(
  target: { readonly frame: Buffer; at: number },
  numbers: readonly number[],
  records: readonly FrameRecord[],
): number {
  let next = 0;
  for (const record of records) {
    const last = next + 2 + (numbers[next + 1] ?? 0) * 2;
    for (; next <= last; next++) target.at = writeVarint(target.frame, target.at, numbers[next] ?? 0);
    target.at += writeValue(target.frame, target.at, record.value);
  }
  return target.at;
}

function writeValue(frame: Buffer, at: number, value: FrameRecord['value']): number {
  if (typeof value === 'string') return frame.write(value, at);
  frame.set(value, at);
  return value.length;
}

function writeVarint(frame: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    frame[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  frame[at++] = rest;
  return at;
}

/** Decodes a frame. Values are views of `bytes`, which must not be written to afterwards. */
export function decodeFrame(bytes: Uint8Array, origin: FrameOrigin): LogRecord[] {
  const tableBytes = viewOf(bytes).readUInt32BE(0);
  const strings = parseStrings(viewOf(bytes).toString('utf8', 4, 4 + tableBytes));
  const reader = new FrameReader(bytes, 4 + tableBytes, strings);
  const records: LogRecord[] = [];
  for (let index = 0; index < origin.count; index++) {
    records.push({
      topic: origin.topic,
      partition: origin.partition,
      offset: origin.firstOffset + index,
      timestampMs: origin.timestampMs,
      key: reader.key(),
      headers: reader.headers(),
      value: reader.value(),
    });
  }
  return records;
}

function parseStrings(json: string): readonly string[] {
  return JSON.parse(json) as readonly string[];
}

class FrameReader {
  readonly #bytes: Uint8Array;
  readonly #strings: readonly string[];
  #at: number;

  constructor(bytes: Uint8Array, at: number, strings: readonly string[]) {
    this.#bytes = bytes;
    this.#at = at;
    this.#strings = strings;
  }

  key(): string | undefined {
    const reference = this.#varint();
    return reference === 0 ? undefined : this.#strings[reference - 1];
  }

  headers(): RecordHeaders {
    const headers: Record<string, string> = {};
    for (let left = this.#varint(); left > 0; left--) {
      const name = this.#string();
      const value = this.#string();
      // Assigning to this one name would set the object's prototype instead.
      if (name === '__proto__')
        Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
      else headers[name] = value;
    }
    return headers;
  }

  value(): Uint8Array {
    const length = this.#varint();
    const value = new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length);
    this.#at += length;
    return value;
  }

  #string(): string {
    return this.#strings[this.#varint()] ?? '';
  }

  #varint(): number {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
      shift += 7;
    }
  }
}
