/**
 * The state of one entity in one view: a table of panes (one row for each pane of event time that saw events), as one flat
 * array of doubles, oldest pane first. The array's bytes are what is stored, so restoring is exact.
 *
 * Row: [pane index, count, newest event time in ms, then for each measure: sum, min, max, last].
 */
const PANE = 0;
const COUNT = 1;
const NEWEST = 2;
const FIRST_MEASURE = 3;
const SUM = 0;
const MIN = 1;
const MAX = 2;
const LAST = 3;
const MEASURE_WIDTH = 4;

/** What a window of panes holds of one measure. */
export interface WindowTotals {
  readonly count: number;
  /** Event time of the newest event in the window, epoch ms; −Infinity when empty. */
  readonly newestMs: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

const EMPTY: WindowTotals = {
  count: 0,
  newestMs: Number.NEGATIVE_INFINITY,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  last: Number.NaN,
};

/** Panes of one entity. Grows by doubling; panes that left the widest window are dropped as newer ones arrive. */
export class Panes {
  readonly #stride: number;
  #cells: Float64Array;
  #rows: number;

  constructor(measures: number, stored?: Uint8Array) {
    this.#stride = FIRST_MEASURE + measures * MEASURE_WIDTH;
    if (stored === undefined) {
      this.#cells = new Float64Array(this.#stride);
      this.#rows = 0;
    } else {
      this.#cells = new Float64Array(stored.slice().buffer);
      this.#rows = this.#cells.length / this.#stride;
      if (!Number.isInteger(this.#rows))
        throw new RangeError(`stored panes of ${stored.length} bytes do not fit ${measures} measures`);
    }
  }

  /** Index of the newest pane, or −Infinity without any. */
  get newestPane(): number {
    return this.#rows === 0 ? Number.NEGATIVE_INFINITY : this.#cell(this.#rows - 1, PANE);
  }

  /** Adds one event to its pane; panes at or before `expiredPane` are dropped. Order within a pane is order of arrival. */
  add(pane: number, event: { readonly timeMs: number; readonly values: readonly number[]; readonly expiredPane: number }): void {
    this.#dropThrough(event.expiredPane);
    const at = this.#rowFor(pane) * this.#stride;
    const cells = this.#cells;
    const isNewest = event.timeMs >= (cells[at + NEWEST] ?? 0);
    cells[at + COUNT] = (cells[at + COUNT] ?? 0) + 1;
    if (isNewest) cells[at + NEWEST] = event.timeMs;
    for (let measure = 0; measure < event.values.length; measure++) {
      const value = event.values[measure] ?? 0;
      const from = at + FIRST_MEASURE + measure * MEASURE_WIDTH;
      cells[from + SUM] = (cells[from + SUM] ?? 0) + value;
      cells[from + MIN] = Math.min(cells[from + MIN] ?? value, value);
      cells[from + MAX] = Math.max(cells[from + MAX] ?? value, value);
      if (isNewest) cells[from + LAST] = value;
    }
  }

  /** Totals over the panes (lastPane − panes, lastPane], of one measure (−1: none). */
  window(lastPane: number, panes: number, measure: number): WindowTotals {
    let row = this.#rows - 1;
    while (row >= 0 && this.#cell(row, PANE) > lastPane) row -= 1;
    const oldest = lastPane - panes;
    if (row < 0 || this.#cell(row, PANE) <= oldest) return EMPTY;
    const newestRow = row;
    let count = 0;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    const offset = FIRST_MEASURE + measure * MEASURE_WIDTH;
    for (; row >= 0 && this.#cell(row, PANE) > oldest; row--) {
      count += this.#cell(row, COUNT);
      if (measure < 0) continue;
      sum += this.#cell(row, offset + SUM);
      min = Math.min(min, this.#cell(row, offset + MIN));
      max = Math.max(max, this.#cell(row, offset + MAX));
    }
    const last = measure < 0 ? Number.NaN : this.#cell(newestRow, offset + LAST);
    return { count, newestMs: this.#cell(newestRow, NEWEST), sum, min, max, last };
  }

  /** A copy of the table as bytes. */
  toBytes(): Uint8Array {
    return new Uint8Array(this.#cells.slice(0, this.#rows * this.#stride).buffer);
  }

  #cell(row: number, column: number): number {
    return this.#cells[row * this.#stride + column] ?? 0;
  }

  #rowFor(pane: number): number {
    let row = this.#rows - 1;
    while (row >= 0 && this.#cell(row, PANE) > pane) row -= 1;
    return row >= 0 && this.#cell(row, PANE) === pane ? row : this.#insert(row + 1, pane);
  }

  #insert(row: number, pane: number): number {
    const stride = this.#stride;
    if ((this.#rows + 1) * stride > this.#cells.length) {
      const grown = new Float64Array(this.#cells.length * 2);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    this.#cells.copyWithin((row + 1) * stride, row * stride, this.#rows * stride);
    this.#rows += 1;
    const at = row * stride;
    this.#cells.fill(0, at, at + stride);
    this.#cells[at + PANE] = pane;
    this.#cells[at + NEWEST] = Number.NEGATIVE_INFINITY;
    for (let from = at + FIRST_MEASURE; from < at + stride; from += MEASURE_WIDTH) {
      this.#cells[from + MIN] = Number.POSITIVE_INFINITY;
      this.#cells[from + MAX] = Number.NEGATIVE_INFINITY;
    }
    return row;
  }

  #dropThrough(expiredPane: number): void {
    let expired = 0;
    while (expired < this.#rows && this.#cell(expired, PANE) <= expiredPane) expired += 1;
    if (expired === 0) return;
    this.#cells.copyWithin(0, expired * this.#stride, this.#rows * this.#stride);
    this.#rows -= expired;
  }
}
