/**
 * The bundled gradient boosting and LightGBM on one thread, with the same settings, on the same rows, each in a process of its own:
 * CPU seconds of binning and fitting, and AUC on rows that were held out. Prints one JSON line.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom } from '#core';
import { auc } from '#drift';
import type { GradientBoostingSettings } from '../../drift/config.ts';
import { predictBoosted } from '../../drift/retraining/boosting/boosted-trees.ts';
import { fitGradientBoosting } from '../../drift/retraining/boosting/gradient-boosting.ts';
import type { TimedRows } from '../../drift/retraining/training-rows.ts';
import { preparePython, runPython } from '../real/python-environment.ts';

const ROUNDS = 3;
const COLUMNS = 20;
const HELD_OUT_ROWS = 5000;
const ROW_COUNTS = [15_000, 100_000];
const SETTINGS: GradientBoostingSettings = {
  trees: 200,
  leaves: 31,
  learningRate: 0.1,
  minimumLeafRows: 20,
  minimumLeafHessian: 1e-3,
  l2: 1,
  maxBins: 255,
  subsample: 1,
  patience: 0,
};

interface Fitted {
  readonly cpuSeconds: number;
  readonly auc: number;
}

/** Rows whose label hangs on bends, crossings and sums of normal columns; every tenth value is missing. */
function drawRows(rowCount: number): TimedRows {
  const random = createRandom(rowCount);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const weights = Array.from({ length: COLUMNS }, () => normal() / 4);
  const values = new Float32Array(rowCount * COLUMNS);
  const labels = new Uint8Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const x = weights.map(normal);
    const [a = 0, b = 0, c = 0, d = 0] = x;
    const z = x.reduce((sum, value, column) => sum + value * (weights[column] ?? 0), a + 1.5 * Math.sin(2 * b) + c * d - 0.5);
    labels[row] = Number(random() < 1 / (1 + Math.exp(-z)));
    values.set(
      x.map((value) => (random() < 0.1 ? Number.NaN : value)),
      row * COLUMNS,
    );
  }
  return { matrix: { values, rowCount, columnCount: COLUMNS }, labels, timesMs: new Float64Array(rowCount) };
}

function part({ matrix, labels, timesMs }: TimedRows, from: number, to: number): TimedRows {
  const values = matrix.values.slice(from * COLUMNS, to * COLUMNS);
  return {
    matrix: { values, rowCount: to - from, columnCount: COLUMNS },
    labels: labels.slice(from, to),
    timesMs: timesMs.slice(from, to),
  };
}

function fitOurs(rows: TimedRows, trainRows: number): Fitted {
  const older = part(rows, 0, trainRows);
  const newer = part(rows, trainRows, rows.labels.length);
  const inputs = Array.from({ length: COLUMNS }, (_, at) => ({ feature: `x${at}`, transform: 'none' as const, missing: 0 }));
  const before = process.cpuUsage();
  const fit = fitGradientBoosting(older, inputs, { ...SETTINGS, seed: 0 });
  const { user, system } = process.cpuUsage(before);
  if (!fit.ok) throw new Error(fit.message);
  const quality = auc({ labels: newer.labels, scores: predictBoosted(fit.value, newer.matrix) });
  return { cpuSeconds: (user + system) / 1e6, auc: quality.status === 'ok' ? quality.value : Number.NaN };
}

/** The run that took least: what else the machine does only ever adds. */
function fastest(runs: readonly Fitted[]): Fitted {
  return runs.reduce((best, run) => (run.cpuSeconds < best.cpuSeconds ? run : best));
}

async function compare(trainRows: number, folder: string, python: string): Promise<object> {
  const rows = drawRows(trainRows + HELD_OUT_ROWS);
  const files = { values: path.join(folder, 'values'), labels: path.join(folder, 'labels') };
  await writeFile(files.values, rows.matrix.values);
  await writeFile(files.labels, rows.labels);
  const script = new URL('lightgbm-fit.py', import.meta.url).pathname;
  const ours: Fitted[] = [];
  const theirs: Fitted[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(fitOurs(rows, trainRows));
    theirs.push((await runPython(python, script, { ...files, columns: COLUMNS, trainRows, settings: SETTINGS })) as Fitted);
  }
  return { rows: trainRows, ours: fastest(ours), lightgbm: fastest(theirs) };
}

const folder = await mkdtemp(path.join(tmpdir(), 'throughline-boosting-'));
try {
  const python = await preparePython();
  const results: object[] = [];
  for (const rows of ROW_COUNTS) results.push(await compare(rows, folder, python));
  process.stdout.write(`${JSON.stringify({ columns: COLUMNS, settings: SETTINGS, results })}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
