/** Rows 0 … n − 1, those drawn first: each part in ascending order. */
export interface RowSample {
  readonly rows: Int32Array;
  /** How many of them were drawn. */
  readonly drawn: number;
}

/**
 * Draws round(ratio · n) rows, at least one, without replacement, into `rows`, whose length is n; the others follow behind.
 * `random` gives numbers in [0, 1). Source: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
 */
export function drawRows(rows: Int32Array, ratio: number, random: () => number): RowSample {
  const drawn = Math.min(rows.length, Math.max(1, Math.round(ratio * rows.length)));
  let taken = 0;
  for (let row = 0; row < rows.length; row++) {
    const isTaken = drawn === rows.length || (rows.length - row) * random() < drawn - taken;
    rows[isTaken ? taken : drawn + row - taken] = row;
    if (isTaken) taken++;
  }
  return { rows, drawn };
}
