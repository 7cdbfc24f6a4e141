import type { Result } from '#core';
import { createRandom } from '#core';
import type { GradientBoostingSettings } from '../../config.ts';
import { LOG_LOSS_CLIP, logLoss } from '../../statistics/log-loss.ts';
import { sigmoid } from '../logistic-model.ts';
import type { ModelInput } from '../preprocessing.ts';
import {
  checkLabels,
  checkRowsShape,
  type FitRefusal,
  splitByTime,
  type TimedRows,
  type TrainingRows,
} from '../training-rows.ts';
import { binMatrix } from './bins.ts';
import type { BoostedTrees } from './boosted-trees.ts';
import type { Derivatives } from './histogram.ts';
import { drawRows } from './row-sample.ts';
import { addTree, type Tree } from './tree.ts';
import { LEAF_STEP, TreeGrower } from './tree-grower.ts';

/** Settings of a fit; `seed` starts the drawing of rows, where `subsample` asks for it. */
export type BoostingSettings = GradientBoostingSettings & { readonly seed: number };

/**
 * Derivatives are rounded to multiples of 2^−30 by adding and taking away this: then every sum over up to 2^23 rows is exact in
 * float64, whatever the order, and a histogram less another one is what counting would give.
 */
const ROUNDING = 1.5 * 2 ** 22;
/** Newest share of the rows on which `patience` looks. */
const WATCHED_RATIO = 0.2;

/** First and second derivative of the log loss by the log odds: p − y, and p · (1 − p). */
function derive({ gradients, hessians }: Derivatives, logOdds: Float64Array, labels: Uint8Array): void {
  for (let row = 0; row < logOdds.length; row++) {
    const p = sigmoid(logOdds[row] ?? 0);
    gradients[row] = p - (labels[row] ?? 0) + ROUNDING - ROUNDING;
    hessians[row] = p * (1 - p) + ROUNDING - ROUNDING;
  }
}

/** Log odds of the base rate, as a multiple of LEAF_STEP. */
function initialLogOddsOf(labels: Uint8Array): number {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return Math.round(Math.log(positives / (labels.length - positives)) / LEAF_STEP) * LEAF_STEP + 0;
}

/** Adds tree after tree until it is told to stop, or no tree can be grown. */
function boost(rows: TrainingRows, settings: BoostingSettings, goesOn: (trees: readonly Tree[]) => boolean): BoostedTrees {
  const { matrix, labels } = rows;
  const { rowCount, columnCount } = matrix;
  const initialLogOdds = initialLogOddsOf(labels);
  const grower = new TreeGrower(binMatrix(matrix, settings.maxBins), settings);
  const random = createRandom(settings.seed);
  const logOdds = new Float64Array(rowCount).fill(initialLogOdds);
  const derivatives = { gradients: new Float64Array(rowCount), hessians: new Float64Array(rowCount) };
  const order = new Int32Array(rowCount);
  const trees: Tree[] = [];
  while (goesOn(trees)) {
    derive(derivatives, logOdds, labels);
    const sample = drawRows(order, settings.subsample, random);
    const tree = grower.grow(sample, derivatives);
    if (tree === undefined) break;
    trees.push(tree);
    if (sample.drawn === rowCount) grower.addToDrawn(logOdds);
    else addTree(logOdds, tree, matrix);
  }
  return { columnCount, initialLogOdds, trees };
}

/** Mean log loss of log odds; see statistics/log-loss.ts. */
function lossOf(logOdds: Float64Array, labels: Uint8Array): number {
  const loss = logLoss({ labels, scores: logOdds.map(sigmoid) });
  return loss.status === 'ok' ? loss.value : -Math.log(LOG_LOSS_CLIP);
}

/**
 * The number of trees that predict the newest fifth best when fitted to the rows before it, at least 1: no more are added once
 * `patience` in a row have not lowered the loss. `settings.trees` where the older rows are of one class.
 */
function bestTreeCount(rows: TimedRows, settings: BoostingSettings): number {
  const { older, newer } = splitByTime(rows, WATCHED_RATIO);
  if (checkLabels(older.labels, 1) !== undefined) return settings.trees;
  const logOdds = new Float64Array(newer.labels.length).fill(initialLogOddsOf(older.labels));
  let best = { trees: 1, loss: Number.POSITIVE_INFINITY };
  boost(older, settings, (trees) => {
    const newest = trees.at(-1);
    if (newest === undefined) return true;
    addTree(logOdds, newest, newer.matrix);
    const loss = lossOf(logOdds, newer.labels);
    if (loss < best.loss) best = { trees: trees.length, loss };
    return trees.length < settings.trees && trees.length - best.trees < settings.patience;
  });
  return best.trees;
}

/**
 * Histogram gradient boosting on the log loss: from the log odds of the base rate, each tree is fitted to the second-order expansion
 * of the loss and adds its share. Deterministic bit for bit for the same rows in the same order, settings and seed. Infinite values
 * are ordered as all others. Expected failures come back as a reason; throws DRIFT_MODEL_SHAPE where labels, rows and inputs do not
 * belong together. Source: Friedman 2001, Greedy function approximation; Ke et al. 2017, LightGBM.
 */
export function fitGradientBoosting(
  rows: TimedRows,
  inputs: readonly ModelInput[],
  settings: BoostingSettings,
): Result<BoostedTrees, FitRefusal> {
  checkRowsShape(rows, inputs);
  const refusal = checkLabels(rows.labels, 1);
  if (refusal !== undefined) return refusal;
  const treeCount = settings.patience === 0 ? settings.trees : bestTreeCount(rows, settings);
  return { ok: true, value: boost(rows, settings, (trees) => trees.length < treeCount) };
}
