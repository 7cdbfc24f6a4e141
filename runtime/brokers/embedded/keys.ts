/** What the key of a stored batch says, so that bounds and retention never read a value. */
export interface BatchKey {
  readonly topic: number;
  readonly partition: number;
  /** Offset of the batch's last record. */
  readonly last: number;
  readonly count: number;
  /** Bytes of the batch's values. */
  readonly bytes: number;
  /** Bytes of all values ever appended to the partition, this batch included. */
  readonly totalBytes: number;
  /** Ingest time of the batch, epoch ms. */
  readonly timestampMs: number;
}

const PREFIX_BYTES = 10;
const BATCH_KEY_BYTES = PREFIX_BYTES + 20;

/** Where the batch that holds `offset` is found, as the start of a range; as its end, exclusive. */
export function batchPrefix(at: { readonly topic: number; readonly partition: number }, offset: number): Buffer {
  const key = Buffer.allocUnsafe(PREFIX_BYTES);
  writePrefix(key, at, offset);
  return key;
}

function writePrefix(key: Buffer, at: { readonly topic: number; readonly partition: number }, offset: number): void {
  key.writeUInt16BE(at.topic, 0);
  key.writeUInt16BE(at.partition, 2);
  key.writeUIntBE(offset, 4, 6);
}

/** Key of a batch: topic u16, partition u16, last offset u48, then count u32, bytes u32, total u48, time u48; big-endian. */
export function encodeBatchKey(batch: BatchKey): Buffer {
  const key = Buffer.allocUnsafe(BATCH_KEY_BYTES);
  writePrefix(key, batch, batch.last);
  key.writeUInt32BE(batch.count, 10);
  key.writeUInt32BE(batch.bytes, 14);
  key.writeUIntBE(batch.totalBytes, 18, 6);
  key.writeUIntBE(batch.timestampMs, 24, 6);
  return key;
}

/** Reads what encodeBatchKey wrote. */
export function parseBatchKey(bytes: Uint8Array): BatchKey {
  const key = viewOf(bytes);
  return {
    topic: key.readUInt16BE(0),
    partition: key.readUInt16BE(2),
    last: key.readUIntBE(4, 6),
    count: key.readUInt32BE(10),
    bytes: key.readUInt32BE(14),
    totalBytes: key.readUIntBE(18, 6),
    timestampMs: key.readUIntBE(24, 6),
  };
}

/** Key of a group's offset in a partition: group, zero byte, topic u16, partition u16. */
export function encodeOffsetKey(group: string, topic: number, partition: number): Buffer {
  const name = Buffer.from(group);
  const key = Buffer.alloc(name.length + 5);
  key.set(name, 0);
  key.writeUInt16BE(topic, name.length + 1);
  key.writeUInt16BE(partition, name.length + 3);
  return key;
}

/** Reads what encodeOffsetKey wrote. */
export function parseOffsetKey(bytes: Uint8Array): { group: string; topic: number; partition: number } {
  const key = viewOf(bytes);
  const end = key.length - 5;
  return { group: key.toString('utf8', 0, end), topic: key.readUInt16BE(end + 1), partition: key.readUInt16BE(end + 3) };
}

/** An offset as a value: u48, big-endian. */
export function encodeOffset(offset: number): Buffer {
  const value = Buffer.allocUnsafe(6);
  value.writeUIntBE(offset, 0, 6);
  return value;
}

/** Reads what encodeOffset wrote. */
export function parseOffset(bytes: Uint8Array): number {
  return viewOf(bytes).readUIntBE(0, 6);
}

/** What all keys of a store's partition begin with: store, zero byte, partition u16. The range ends at partition + 1. */
export function statePrefix(store: string, partition: number): Buffer {
  const name = Buffer.from(store);
  const prefix = Buffer.alloc(name.length + 3);
  prefix.set(name, 0);
  prefix.writeUInt16BE(partition, name.length + 1);
  return prefix;
}

/** A view of the same bytes with Buffer's readers; nothing is copied. */
export function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
