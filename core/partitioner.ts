const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

function mix(block: number): number {
  const product = Math.imul(block, MULTIPLIER);
  return Math.imul(product ^ (product >>> 24), MULTIPLIER);
}

function tail(bytes: Uint8Array, from: number, hash: number): number {
  let tailBits = 0;
  for (let index = bytes.length - 1; index >= from; index--) tailBits = (tailBits << 8) | (bytes[index] ?? 0);
  return from < bytes.length ? Math.imul(hash ^ tailBits, MULTIPLIER) : hash;
}

/** murmur2 as Kafka's default partitioner computes it (org.apache.kafka.common.utils.Utils.murmur2), as a signed 32-bit number. */
export function murmur2(bytes: Uint8Array): number {
  let hash = SEED ^ bytes.length;
  const blocksEnd = bytes.length & ~3;
  for (let index = 0; index < blocksEnd; index += 4) {
    const block =
      (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8) | ((bytes[index + 2] ?? 0) << 16) | ((bytes[index + 3] ?? 0) << 24);
    hash = Math.imul(hash, MULTIPLIER) ^ mix(block);
  }
  hash = tail(bytes, blocksEnd, hash);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition (0 … partitions − 1) of a key: the same one that a Java, kafkajs or librdkafka (murmur2) producer picks. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}
