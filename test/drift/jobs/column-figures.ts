import type { ColumnRow } from '../../../drift/jobs/column-statement.ts';
import { cleaned } from '../../../drift/statistics/comparison.ts';
import { kolmogorovSmirnov } from '../../../drift/statistics/kolmogorov-smirnov.ts';
import { tenthEdges } from '../../../drift/statistics/population-stability.ts';

export interface Column {
  readonly reference: readonly (number | null)[];
  readonly current: readonly (number | null)[];
}

/** What the store must find of a column, by the definitions of drift/statistics. */
export function figuresOf(position: number, column: Column): ColumnRow {
  const [reference, current] = [cleaned(column.reference), cleaned(column.current)];
  const edges = tenthEdges(reference);
  const known = new Set(reference);
  const under = (values: Float64Array) => edges.map((edge) => values.filter((value) => value < edge).length);
  const ks = kolmogorovSmirnov(column, 'asymptotic');
  return {
    position,
    referenceRows: column.reference.length,
    rows: column.current.length,
    referenceValues: reference.length,
    currentValues: current.length,
    edges,
    referenceUnder: under(reference),
    currentUnder: under(current),
    categories: Math.min(21, known.size),
    singletons: reference.filter((value, i) => value !== reference[i - 1] && value !== reference[i + 1]).length,
    newValues: known.size > 20 ? 0 : current.filter((value) => !known.has(value)).length,
    steps: ks.status === 'ok' ? Math.round(ks.value * reference.length * current.length) : 0,
  };
}
