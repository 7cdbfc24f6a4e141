import { NO_FIGURE } from './numbers.ts';

const SPACE = '\u202f';
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const AGE_UNITS = [
  { seconds: DAY, word: 'day' },
  { seconds: HOUR, word: 'hour' },
  { seconds: MINUTE, word: 'minute' },
  { seconds: 1, word: 'second' },
] as const;

function digitsFor(value: number): number {
  if (value >= 100) return 0;
  return value >= 10 ? 1 : 2;
}

/** Three digits; fewer only where the value is exactly that: a goal of 50 is no 50.0, a measured 4.004 is 4.00. */
function trimmed(value: number): string {
  const fixed = value.toFixed(digitsFor(value));
  return Number(fixed) === value ? String(value) : fixed;
}

function ofSeconds(seconds: number): string {
  if (seconds < MINUTE) return `${trimmed(seconds)}${SPACE}s`;
  const pairs = [
    [DAY, 'd', HOUR, 'h'],
    [HOUR, 'h', MINUTE, 'min'],
    [MINUTE, 'min', 1, 's'],
  ] as const;
  const [big, bigWord, small, smallWord] = pairs.find(([unit]) => seconds >= unit) ?? pairs[2];
  const rest = Math.floor((seconds % big) / small);
  return `${Math.floor(seconds / big)}${SPACE}${bigWord}${rest === 0 ? '' : ` ${rest}${SPACE}${smallWord}`}`;
}

/** Microseconds for people: 412 µs, 12.3 ms, 4.21 s, 3 h 12 min. */
export function formatUs(us: number | null): string {
  if (us === null) return NO_FIGURE;
  if (us < 0) return `−${formatUs(-us)}`;
  if (us < 1_000) return `${Math.round(us)}${SPACE}µs`;
  if (us < 1_000_000) return `${trimmed(us / 1_000)}${SPACE}ms`;
  return ofSeconds(us / 1_000_000);
}

export function formatMs(ms: number | null): string {
  return ms === null ? NO_FIGURE : formatUs(ms * 1_000);
}

/** An age or a span of the event clock in words: `3 days`, `4 hours`, `same moment`. */
export function formatAge(seconds: number | null): string {
  if (seconds === null) return NO_FIGURE;
  if (seconds < 1) return 'same moment';
  const unit = AGE_UNITS.find((candidate) => seconds >= candidate.seconds) ?? AGE_UNITS[3];
  const count = seconds / unit.seconds;
  const shown = count < 10 && unit.word === 'day' ? Math.floor(count * 10) / 10 : Math.floor(count);
  return `${shown} ${unit.word}${shown === 1 ? '' : 's'}`;
}

/** A span that is still counted: 0 s, 12 min 04 s, 3 h 12 min 04 s, 2 d 03 h 12 min. Never negative. */
export function formatStopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (count: number): string => String(count).padStart(2, '0');
  const [days, hours, minutes] = [Math.floor(seconds / DAY), Math.floor(seconds / HOUR) % 24, Math.floor(seconds / MINUTE) % 60];
  if (days > 0) return `${days}${SPACE}d ${two(hours)}${SPACE}h ${two(minutes)}${SPACE}min`;
  const rest = `${two(seconds % MINUTE)}${SPACE}s`;
  if (hours > 0) return `${hours}${SPACE}h ${two(minutes)}${SPACE}min ${rest}`;
  return minutes > 0 ? `${minutes}${SPACE}min ${rest}` : `${seconds}${SPACE}s`;
}

/** The length of a window: 5 min, 1 h, 3 d. */
export function formatPeriod(seconds: number): string {
  return ofSeconds(seconds);
}
