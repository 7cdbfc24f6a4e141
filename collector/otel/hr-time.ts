import type { HrTime } from '@opentelemetry/api';
import type { EpochMs } from '#core';

/** A moment as OpenTelemetry's seconds and nanoseconds: epoch ms plus microseconds, rounded to whole microseconds. */
export function hrTimeOf(epochMs: EpochMs, offsetUs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000);
  const us = Math.round((epochMs - seconds * 1000) * 1000 + offsetUs);
  const carry = Math.floor(us / 1_000_000);
  return [seconds + carry, (us - carry * 1_000_000) * 1000];
}
