const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const RATE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const VALUE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const NARROW_NO_BREAK_SPACE = '\u202f';

/** What stands where there is no figure. */
export const NO_FIGURE = '–';

/** 558521 → 558,521. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** 558521 → 558.5K, where there is room for a few signs only. */
export function formatCompact(count: number): string {
  return COMPACT.format(count);
}

/** Events a second: three digits are enough. */
export function formatRate(perSecond: number): string {
  return perSecond >= 1_000 ? COUNT.format(perSecond) : RATE.format(perSecond);
}

/** A share of a whole. What is there never reads 0 %, what is not all never reads 100 %. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return NO_FIGURE;
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 0.1) return `<${NARROW_NO_BREAK_SPACE}0.1${NARROW_NO_BREAK_SPACE}%`;
  const digits = percent < 10 && percent > 0 ? 1 : 0;
  const shown = part < whole ? Math.min(percent, 99.9) : percent;
  return `${shown.toFixed(shown > 99 && shown < 100 ? 1 : digits)}${NARROW_NO_BREAK_SPACE}%`;
}

/** Scores and measures of quality: three digits behind the point. */
export function formatFigure(figure: number | null): string {
  return figure === null ? NO_FIGURE : figure.toFixed(3);
}

/** A feature value: as it is, at most two digits behind the point, more where it is tiny. */
export function formatValue(value: number | null): string {
  if (value === null) return NO_FIGURE;
  return value !== 0 && Math.abs(value) < 0.01 ? value.toPrecision(2) : VALUE.format(value);
}

/** `1 event`, `2 events`. */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}
