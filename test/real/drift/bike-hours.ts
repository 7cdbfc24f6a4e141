import { readFile } from 'node:fs/promises';
import type { ModelInput } from '../../../drift/retraining/preprocessing.ts';
import type { TimedRows } from '../../../drift/retraining/training-rows.ts';

const DATA = new URL('../../drift/data/bike-hour.csv', import.meta.url);
const COLUMNS = [
  'season',
  'yr',
  'mnth',
  'hr',
  'holiday',
  'weekday',
  'workingday',
  'weathersit',
  'temp',
  'atemp',
  'hum',
  'windspeed',
];

/** Inputs of {@link readBikeHours}. */
export const BIKE_INPUTS: readonly ModelInput[] = COLUMNS.map((column) => ({
  feature: `hour.${column}`,
  transform: column === 'hr' || column === 'windspeed' ? 'log1p' : 'none',
  missing: column === 'hum' ? 0.6 : 0,
}));

/** Hours of Bike Sharing in order, labelled by whether more bikes than the median were rented; every 17th humidity is taken away. */
export async function readBikeHours(): Promise<TimedRows> {
  const [header = '', ...lines] = (await readFile(DATA, 'utf8')).trim().split(/\r?\n/u);
  const names = header.split(',');
  const table = lines.map((line) => line.split(',').map(Number));
  const column = (name: string) => table.map((row) => row[names.indexOf(name)] ?? Number.NaN);
  const counts = column('cnt');
  const median = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
  const columns = COLUMNS.map((name) =>
    column(name).map((value, row) => (name === 'hum' && row % 17 === 0 ? Number.NaN : value)),
  );
  const values = Float32Array.from(table.flatMap((_, row) => columns.map((of) => of[row] ?? Number.NaN)));
  return {
    matrix: { values, rowCount: table.length, columnCount: COLUMNS.length },
    labels: Uint8Array.from(counts, (count) => Number(count > median)),
    timesMs: Float64Array.from(counts, (_, row) => row * 3_600_000),
  };
}
