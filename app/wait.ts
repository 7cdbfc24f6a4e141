import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after so many ms of the machine's time, or at the signal. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
