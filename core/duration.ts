const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How durations are written in workspaces and settings: a whole number and a unit, `250ms`, `10s`, `15m`, `1h`, `30d`. */
export const DURATION_PATTERN = '^[1-9][0-9]*(ms|s|m|h|d)$';

const DURATION = new RegExp(DURATION_PATTERN, 'u');

/** Milliseconds of a written duration. Throws RangeError with the accepted forms. */
export function parseDuration(text: string): number {
  const unit = DURATION.exec(text)?.[1];
  if (unit === undefined) {
    throw new RangeError(`'${text}' is not a duration: write a whole number and ms, s, m, h or d, such as 30d`);
  }
  return Number.parseInt(text, 10) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
