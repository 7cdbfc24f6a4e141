import type { ModelVersionView } from '#core';

type Metrics = ModelVersionView['metrics'];

/** A measure of a training, on the rows that it fitted and on those that were held out. */
export interface FigureRow {
  readonly name: string;
  readonly training: number | null;
  readonly heldOut: number | null;
}

export interface TrainingFigures {
  readonly rows: readonly FigureRow[];
  /** What is of no sample, or named otherwise. */
  readonly others: readonly { readonly name: string; readonly value: number }[];
}

const SAMPLES = /^(training|holdout)([A-Z].*)$/u;
const NAMES: Readonly<Record<string, string>> = { auc: 'AUC' };

/** `calibrationError` → `calibration error`. */
function words(name: string): string {
  const text = name
    .replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll('_', ' ')
    .trim();
  return NAMES[text] ?? text;
}

/** Figures by measure: `holdoutAuc` and `trainingAuc` are one row. A measure of one sample alone is among the others. */
export function trainingFigures(metrics: Metrics): TrainingFigures {
  const split = Object.entries(metrics).map(([name, value]) => ({ name, value, measure: SAMPLES.exec(name)?.[2] }));
  const measures = new Set(split.flatMap(({ measure }) => measure ?? []));
  const both = [...measures].filter((measure) => `training${measure}` in metrics && `holdout${measure}` in metrics);
  return {
    rows: both.map((measure) => ({
      name: words(measure),
      training: metrics[`training${measure}`] ?? null,
      heldOut: metrics[`holdout${measure}`] ?? null,
    })),
    others: split
      .filter(({ measure }) => measure === undefined || !both.includes(measure))
      .map(({ name, value }) => ({ name: words(name), value })),
  };
}

/** A measure on the rows held out; null where the training had none. */
export function heldOut(metrics: Metrics, measure: 'Auc' | 'LogLoss'): number | null {
  return metrics[`holdout${measure}`] ?? null;
}
