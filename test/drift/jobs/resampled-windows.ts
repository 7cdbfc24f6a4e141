import type { EventWindow } from '#core';
import { columnMeasurements } from '../../../drift/jobs/column-measurements.ts';
import { type DriftJobSpec, parseDriftJob } from '../../../drift/jobs/job-spec.ts';
import { outcomeMeasurements } from '../../../drift/jobs/outcome-measurements.ts';
import { judge, nextBreaches, type Verdict } from '../../../drift/jobs/verdicts.ts';
import { seededRandom } from '../synthetic-rows.ts';
import { figuresOf } from './column-figures.ts';

/** Windows drawn from the same distribution as their reference, or from a shifted one, and what a job makes of them. */

const WINDOW: EventWindow = { fromMs: 0, toMs: 1 };
const JOB: DriftJobSpec = parseDriftJob({
  job: 'resampled',
  owner: 'tests',
  description: 'Windows without drift.',
  pipeline: 'tests',
  window: '7d',
  quality: { window: '28d', minimumOutcomes: 100 },
});

type Draw = (random: () => number) => number | null;

/** Columns of the kinds that features have: skewed, counted, with atoms, rare categories and missing values. */
const KINDS: readonly Draw[] = [
  (random) => Math.log(1 - random()) * -20,
  (random) => Math.floor(random() ** 3 * 12),
  (random) => (random() < 0.6 ? 0 : Math.round(random() * 5000) / 100),
  (random) => Number(random() < 0.07),
  (random) => (random() < 0.25 ? null : random() + random() + random()),
  (random) => Math.floor(Math.log(1 - random()) * -2.5),
];

export interface Resampling {
  readonly seed: number;
  readonly columns: number;
  readonly referenceRows: number;
  readonly rows: number;
  readonly windows: number;
  /** From this window on, the first column’s values are moved by half of the reference’s mean. */
  readonly shiftedFrom?: number;
}

function draw(random: () => number, kind: Draw, count: number): readonly (number | null)[] {
  return Array.from({ length: count }, () => kind(random));
}

const moved = (values: readonly (number | null)[]) => values.map((value) => (value === null ? null : value + 10));

/** Outcomes of a calibrated score, as the store sums them up; the exact mean log loss is that of its entropy, ½ for uniform scores. */
function qualityOf(random: () => number, rows: number) {
  let [lossSum, lossSquares, positives] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const score = random();
    const label = Number(random() < score);
    const loss = -Math.log(label === 1 ? score : 1 - score);
    positives += label;
    lossSum += loss;
    lossSquares += loss * loss;
  }
  const row = { rows, positives, right: 0, lossSum, lossSquares, calibrationGap: 0, auc: 0.5 };
  const live = { name: 'm', version: 1, window: WINDOW, inputs: [], holdoutLogLoss: 0.5 };
  if (JOB.quality === undefined) throw new Error('the job measures quality');
  return outcomeMeasurements(row, { pipeline: 'tests', quality: JOB.quality, live, finalBeforeMs: 0 });
}

/** The verdicts of each window, one after the other, against one reference. */
export function reviewResampled({
  seed,
  columns,
  referenceRows,
  rows,
  windows,
  shiftedFrom,
}: Resampling): readonly (readonly Verdict[])[] {
  const random = seededRandom(seed);
  const kinds = Array.from({ length: columns }, (_none, i) => KINDS[i % KINDS.length] ?? (() => null));
  const references = kinds.map((kind) => draw(random, kind, referenceRows));
  let breaches: Readonly<Record<string, number>> = {};
  return Array.from({ length: windows }, (_none, window) => {
    const measurements = kinds.flatMap((kind, i) => {
      const values = draw(random, kind, rows);
      const current = i === 0 && shiftedFrom !== undefined && window >= shiftedFrom ? moved(values) : values;
      const row = figuresOf(i + 1, { reference: references[i] ?? [], current });
      const column = { targetKind: 'feature', target: `f.x${i}`, reference: WINDOW, window: WINDOW } as const;
      return columnMeasurements(column, { row }, JOB);
    });
    const verdicts = judge([...measurements, ...qualityOf(random, rows)], JOB.limits, breaches);
    breaches = nextBreaches(verdicts, breaches);
    return verdicts;
  });
}
