import type { EpochMs, EventWindow } from '#core';

/** 1970-01-05, the first Monday of the epoch: every grid goes through it, so that multiples of 7d begin on Mondays (UTC). */
export const FIRST_MONDAY_MS = 4 * 86_400_000;

/** What is asked of a grid. */
export interface WindowSpan {
  /** End of the newest window that was reviewed, epoch ms. */
  readonly reviewedToMs: EpochMs | undefined;
  /** No window begins before, epoch ms. */
  readonly fromMs: EpochMs;
  /** Event time that is complete: no window ends after it, epoch ms. */
  readonly atMs: EpochMs;
}

/** The complete windows of a job that were not reviewed yet, oldest first: they follow each other on the job's grid. */
export function windowsBetween(
  { windowMs }: { readonly windowMs: number },
  { reviewedToMs, fromMs, atMs }: WindowSpan,
): readonly EventWindow[] {
  const startMs = Math.max(fromMs, reviewedToMs ?? fromMs);
  const first = Math.ceil((startMs - FIRST_MONDAY_MS) / windowMs);
  const end = Math.floor((atMs - FIRST_MONDAY_MS) / windowMs);
  const edgeMs = (index: number): EpochMs => FIRST_MONDAY_MS + index * windowMs;
  return Array.from({ length: Math.max(0, end - first) }, (_none, i) => ({
    fromMs: edgeMs(first + i),
    toMs: edgeMs(first + i + 1),
  }));
}
