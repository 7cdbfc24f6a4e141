/** FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const SEPARATOR = 0xff;

/**
 * Fingerprint of an alert's labels, 16 hex digits: LabelSet.Fingerprint of prometheus/common, which is FNV-1a over each name and value,
 * sorted by name, a byte 0xFF behind each. A label without a value is none.
 */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const)
    .sort(([a], [b]) => Buffer.compare(a, b));
  let hash = OFFSET_BASIS;
  for (const bytes of pairs.flat()) {
    for (const byte of bytes) hash = step(hash, byte);
    hash = step(hash, SEPARATOR);
  }
  return hash.toString(16).padStart(16, '0');
}

function step(hash: bigint, byte: number): bigint {
  return BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
}
