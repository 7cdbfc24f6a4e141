import { solveSymmetric } from './cholesky.ts';
import { sigmoid } from './logistic-model.ts';
import type { Design } from './standardisation.ts';
import { addTo, entry, largestMagnitude } from './vector.ts';

/** Σ over rows of [ln(1 + e^z) − y·z] + l2/2 · Σβ² (all but β₀), z = design · β, to be minimised over β. */
export interface LogisticProblem {
  readonly design: Design;
  /** 0 or 1 for each row. */
  readonly labels: Uint8Array;
  readonly l2: number;
}

/**
 * When to stop: converged when a full step moves no row's log odds z by more than tolerance · (1 + largest |z|). Unlike the
 * coefficients, z settles when columns repeat each other, and does not when the data are separated.
 */
export interface NewtonLimits {
  readonly maxIterations: number;
  readonly tolerance: number;
}

/** Where the minimisation ended, and why; `separable` and `not_converged` mean that the coefficients are of no use. */
export interface NewtonOutcome {
  readonly status: 'converged' | 'separable' | 'not_converged';
  readonly beta: Float64Array;
  readonly objective: number;
  readonly iterations: number;
}

interface Point {
  readonly beta: Float64Array;
  /** design · beta. */
  readonly margins: Float64Array;
  readonly objective: number;
}

const MAX_HALVINGS = 40;
/** Two objectives closer than this share of themselves are equal: their sums round differently. */
const ROUNDING_RATIO = 1e-12;

function evaluate({ design, labels, l2 }: LogisticProblem, beta: Float64Array): Point {
  const margins = new Float64Array(labels.length);
  let objective = 0;
  for (let row = 0; row < margins.length; row++) {
    let z = 0;
    for (let k = 0; k < design.width; k++) z += entry(design.values, row * design.width + k) * entry(beta, k);
    margins[row] = z;
    objective += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - entry(labels, row) * z;
  }
  for (const coefficient of beta.subarray(1)) objective += (l2 / 2) * coefficient * coefficient;
  return { beta, margins, objective };
}

function addOuterProduct(hessian: Float64Array, row: Float64Array, weight: number): void {
  for (let i = 0; i < row.length; i++) {
    const scaled = weight * entry(row, i);
    for (let k = 0; k <= i; k++) addTo(hessian, i * row.length + k, scaled * entry(row, k));
  }
}

/** H⁻¹ · descent, descent being minus the gradient; undefined where H cannot be solved. */
function newtonStep({ design, labels, l2 }: LogisticProblem, at: Point): Float64Array | undefined {
  const size = design.width;
  const descent = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  for (let row = 0; row < labels.length; row++) {
    const p = sigmoid(entry(at.margins, row));
    const values = design.values.subarray(row * size, (row + 1) * size);
    const residual = entry(labels, row) - p;
    for (let k = 0; k < size; k++) addTo(descent, k, residual * entry(values, k));
    addOuterProduct(hessian, values, p * (1 - p));
  }
  for (let k = 1; k < size; k++) {
    addTo(descent, k, -l2 * entry(at.beta, k));
    addTo(hessian, k * size + k, l2);
  }
  return solveSymmetric({ values: hessian, size }, descent);
}

interface Descent {
  readonly next: Point;
  readonly isFull: boolean;
}

/** The first of step, step/2, step/4, … that does not raise the objective. */
function descend(problem: LogisticProblem, at: Point, step: Float64Array): Descent | undefined {
  for (let halving = 0; halving <= MAX_HALVINGS; halving++) {
    const next = evaluate(
      problem,
      at.beta.map((value, k) => value + entry(step, k) / 2 ** halving),
    );
    if (next.objective <= at.objective * (1 + ROUNDING_RATIO)) return { next, isFull: halving === 0 };
  }
  return undefined;
}

/** Largest change of a row's log odds, relative to 1 + the largest log odds. */
function moveRatio(from: Point, to: Point): number {
  const moves = to.margins.map((z, row) => z - entry(from.margins, row));
  return largestMagnitude(moves) / (1 + largestMagnitude(from.margins));
}

/** A hyperplane with every row strictly on its label's side proves that the unpenalised likelihood has no maximum. */
function separates({ margins }: Point, labels: Uint8Array): boolean {
  return margins.every((z, row) => (labels[row] === 1 ? z > 0 : z < 0));
}

/**
 * Newton's method (iteratively reweighted least squares) from β = 0, halving steps so that the objective never rises (beyond
 * rounding).
 * Without a penalty, separated data end as `separable`. Deterministic bit for bit for the same rows in the same order.
 * Source: McCullagh & Nelder, Generalized Linear Models, 2.5; Albert & Anderson 1984 on separation.
 */
export function minimiseLogistic(problem: LogisticProblem, limits: NewtonLimits): NewtonOutcome {
  let at = evaluate(problem, new Float64Array(problem.design.width));
  const end = (status: NewtonOutcome['status'], iterations: number): NewtonOutcome => ({
    status,
    beta: at.beta,
    objective: at.objective,
    iterations,
  });
  for (let iteration = 1; iteration <= limits.maxIterations; iteration++) {
    const step = newtonStep(problem, at);
    if (step === undefined) return end('not_converged', iteration);
    const descent = descend(problem, at, step);
    if (descent === undefined) return end('not_converged', iteration);
    const isSettled = descent.isFull && moveRatio(at, descent.next) <= limits.tolerance;
    at = descent.next;
    if (problem.l2 === 0 && separates(at, problem.labels)) return end('separable', iteration);
    if (isSettled) return end('converged', iteration);
  }
  return end('not_converged', limits.maxIterations);
}
