/** Mean and population standard deviation of each column; scale 0 marks a column that does not vary. */
export interface ColumnScales {
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

/** A column whose deviation is under this share of its largest magnitude varies by rounding only. */
const CONSTANT_RATIO = 1e-10;

function scaleOf(column: Float64Array): { readonly mean: number; readonly scale: number } {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const scale = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  const largest = column.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return { mean, scale: scale <= CONSTANT_RATIO * largest ? 0 : scale };
}

/**
 * z = (x − mean) / scale by column, as scikit-learn's StandardScaler: two passes, division by n.
 * `values` is row-major with at least one row of `columns` finite values.
 */
export function measureColumns(values: Float64Array, columns: number): ColumnScales {
  const rows = values.length / columns;
  const measured = Array.from({ length: columns }, (_, column) =>
    scaleOf(Float64Array.from({ length: rows }, (_unused, row) => values[row * columns + column] ?? 0)),
  );
  return {
    means: Float64Array.from(measured, ({ mean }) => mean),
    scales: Float64Array.from(measured, ({ scale }) => scale),
  };
}

/** A design matrix, row-major: a column of ones for the intercept, then the varying columns, standardised; `columns` says which they were. */
export interface Design {
  readonly values: Float64Array;
  readonly width: number;
  readonly columns: readonly number[];
}

/** Builds the design matrix; columns with scale 0 are left out, so that they can neither help nor harm. */
export function standardise(values: Float64Array, { means, scales }: ColumnScales): Design {
  const columns = [...scales.keys()].filter((column) => scales[column] !== 0);
  const width = columns.length + 1;
  const rows = values.length / scales.length;
  const design = new Float64Array(rows * width).fill(1);
  for (const [index, column] of columns.entries()) {
    const mean = means[column] ?? 0;
    const scale = scales[column] ?? 1;
    for (let row = 0; row < rows; row++) {
      design[row * width + index + 1] = ((values[row * scales.length + column] ?? 0) - mean) / scale;
    }
  }
  return { values: design, width, columns };
}
