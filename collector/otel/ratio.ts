/** 52 bits are what a double holds exactly as a fraction below 1: 13 of the 14 digits that W3C asks to be random. */
const FIRST_RANDOM_DIGIT = 18;
const DIGITS = 13;
const FRACTIONS = 2 ** (DIGITS * 4);

/**
 * Whether a trace is in the sample of this ratio (0 to 1). Decided from the trace id alone, as OpenTelemetry's consistent
 * probability sampling does it (the last 56 bits against a rejection threshold, here to 52 bits): everyone decides alike, and what
 * is kept at one ratio is kept at every larger one.
 */
export function isSampledByRatio(traceId: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  if (!(ratio > 0)) return false;
  const random = Number.parseInt(traceId.slice(FIRST_RANDOM_DIGIT, FIRST_RANDOM_DIGIT + DIGITS), 16);
  return random >= Math.round((1 - ratio) * FRACTIONS);
}

/**
 * The same decision for an event that entered no scoring and brought no trace, from a 32-bit hash of its id (FNV-1a, then
 * MurmurHash3's finalizer) instead of its trace id: sha256 costs six times as much, and nobody downstream has such a trace id to
 * decide by. Unbiased and nested too, yet another sample than `isSampledByRatio` would draw.
 */
export function isIdSampledByRatio(eventId: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  if (!(ratio > 0)) return false;
  return hashOf(eventId) >= Math.round((1 - ratio) * 2 ** 32);
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
