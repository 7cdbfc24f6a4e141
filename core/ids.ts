import { createHmac, hash } from 'node:crypto';

/** sha256 over a text, its parts set apart by zero bytes; first `bytes` bytes as lower-case hex. */
function digest(text: string, bytes: number): string {
  return hash('sha256', text, 'hex').slice(0, bytes * 2);
}

/**
 * W3C trace id (32 hex digits) of an event: the first 16 bytes of sha256(source ‖ 0 ‖ event id ‖ 0 ‖ attempt).
 * A redrive is a new attempt. Whoever holds an event id finds its trace with no look-up.
 */
export function traceIdOf(event: { readonly source: string; readonly id: string }, attempt = 0): string {
  return digest(`${event.source}\0${event.id}\0${attempt}`, 16);
}

/** Span id (16 hex digits) of an event's named step; from the trace id that follows from the event's id, also where it brought another trace. */
export function spanIdOf(derivedTraceId: string, step: string): string {
  return digest(`span\0${derivedTraceId}\0${step}`, 8);
}

/** Stands for personal data where it is stored or shown: the first 8 bytes of HMAC-SHA256 under the installation's key, as hex. */
export function pseudonymOf(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, 16);
}

/** Id of the one prediction a pipeline makes for an event (32 hex digits); the same after every restart or replay. */
export function predictionIdOf(pipeline: string, event: { readonly source: string; readonly id: string }): string {
  return digest(`prediction\0${pipeline}\0${event.source}\0${event.id}`, 16);
}

/** Content fingerprint (64 hex digits) of any JSON value, independent of the order of object keys. */
export function fingerprintOf(value: unknown): string {
  return digest(canonicalJson(value), 32);
}

/** JSON with object keys sorted, so that equal values give equal text (RFC 8785 without its number rules). */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
