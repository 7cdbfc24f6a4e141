/** Values of one axis to pixels of it. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly startPx: number;
  readonly endPx: number;
}

export function px({ from, to, startPx, endPx }: Scale, value: number): number {
  const share = to === from ? 0.5 : (value - from) / (to - from);
  return startPx + share * (endPx - startPx);
}

const STEPS = [1, 2, 5] as const;
const PADDING_SHARE = 0.12;

/** Room for all values that are there, with some air; never empty. `least` is the smallest extent. */
export function extentOf(values: readonly (number | null)[], least = 0.01): readonly [number, number] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return [0, 1];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const pad = Math.max((high - low) * PADDING_SHARE, least / 2);
  return [low - pad, high + pad];
}

/** Round values (1, 2 or 5 times a power of ten apart) from low to high: at most `most` of them. */
export function ticksOf([low, high]: readonly [number, number], most: number): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = [...STEPS, 10].map((factor) => factor * power).find((candidate) => span / candidate <= most) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_none, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

export interface Point {
  readonly x: number;
  readonly y: number | null;
}

/** An SVG path through points, interrupted where one has no value; `isStepped` holds each value until the next. */
export function pathOf(points: readonly Point[], isStepped = false): string {
  let isDrawing = false;
  const parts: string[] = [];
  for (const { x, y } of points) {
    if (y === null) {
      isDrawing = false;
      continue;
    }
    if (!isDrawing) parts.push(`M${round(x)} ${round(y)}`);
    else parts.push(isStepped ? `H${round(x)}V${round(y)}` : `L${round(x)} ${round(y)}`);
    isDrawing = true;
  }
  return parts.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Begins of months (UTC) in a span of epoch ms, so far apart that at most `most` are there; a January carries its year. */
export function monthTicks(
  fromMs: number,
  toMs: number,
  most: number,
): readonly { readonly at: number; readonly label: string }[] {
  const first = new Date(fromMs);
  const ticks: { at: number; label: string }[] = [];
  for (let month = first.getUTCMonth(); ; month += 1) {
    const at = Date.UTC(first.getUTCFullYear(), month, 1);
    if (at > toMs) break;
    const name = MONTH_NAMES[((month % 12) + 12) % 12] ?? '';
    if (at >= fromMs) ticks.push({ at, label: month % 12 === 0 ? `${name} ${new Date(at).getUTCFullYear()}` : name });
  }
  const every = Math.ceil(ticks.length / Math.max(most, 1));
  return ticks.filter((_tick, index) => index % every === 0);
}
