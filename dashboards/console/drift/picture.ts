import type { DriftAnswer, DriftMeasure } from '#core';
import { limitOf, seriesOf } from './strength.ts';

export interface PictureWindow {
  /** End of the window, epoch ms. */
  readonly at: number;
  readonly logLoss: number | null;
  readonly heldOut: number | null;
  readonly lossLimit: number | null;
  readonly isLossOver: boolean;
  /** The largest PSI of all features, and whose it is. */
  readonly psi: number | null;
  readonly psiOf: string | undefined;
  readonly psiLimit: number | null;
  readonly isPsiOver: boolean;
}

/** Realised quality beside the largest PSI of the features, window by window. */
export function pictureOf({ windows, targets }: Pick<DriftAnswer, 'windows' | 'targets'>): readonly PictureWindow[] {
  const outcome = targets.find(({ kind }) => kind === 'outcome');
  const losses = outcome === undefined ? [] : seriesOf(outcome.cells, 'log_loss');
  const features = targets
    .filter(({ kind }) => kind === 'feature')
    .map(({ target, cells }) => ({ target, psis: seriesOf(cells, 'psi') }));
  return windows.map(({ to }, index) => {
    const loss = losses[index] ?? null;
    const largest = largestOf(features.map(({ target, psis }) => ({ target, measure: psis[index] ?? null })));
    return { at: Date.parse(to), ...lossOf(loss), ...psiFigures(largest) };
  });
}

function lossOf(loss: DriftMeasure | null): Pick<PictureWindow, 'logLoss' | 'heldOut' | 'lossLimit' | 'isLossOver'> {
  if (loss === null) return { logLoss: null, heldOut: null, lossLimit: null, isLossOver: false };
  return { logLoss: loss.value, heldOut: loss.referenceValue, lossLimit: limitOf(loss), isLossOver: loss.isBreach };
}

interface Named {
  readonly target: string;
  readonly measure: DriftMeasure | null;
}

function largestOf(all: readonly Named[]): Named | undefined {
  return all.filter(({ measure }) => measure !== null).toSorted((left, right) => valueOf(right) - valueOf(left))[0];
}

function valueOf({ measure }: Named): number {
  return measure?.value ?? Number.NEGATIVE_INFINITY;
}

function psiFigures(largest: Named | undefined): Pick<PictureWindow, 'psi' | 'psiOf' | 'psiLimit' | 'isPsiOver'> {
  const measure = largest?.measure ?? null;
  if (measure === null) return { psi: null, psiOf: undefined, psiLimit: null, isPsiOver: false };
  return { psi: measure.value, psiOf: largest?.target, psiLimit: measure.threshold, isPsiOver: measure.isBreach };
}

/** The sentence that the picture is drawn for: whether quality was lost where the features' PSI saw nothing. */
export function pictureSentence(picture: readonly PictureWindow[]): string {
  const measured = picture.filter(({ logLoss }) => logLoss !== null);
  if (measured.length === 0)
    return 'No window has enough matured outcomes yet: quality is told later than drift, as outcomes take their time.';
  const lost = measured.filter(({ isLossOver }) => isLossOver);
  if (lost.length === 0) return `In none of ${measured.length} windows with enough matured outcomes was log loss over its limit.`;
  const unseen = lost.filter(({ isPsiOver }) => !isPsiOver).length;
  const over = `Log loss was over its limit in ${lost.length} of ${measured.length} windows`;
  if (unseen === 0) return `${over}; a feature’s PSI was over its limit in each of them.`;
  const which = unseen === lost.length ? 'all' : String(unseen);
  return `${over}; in ${which} of them no feature’s PSI was: what the inputs look like had not changed, what follows from them had.`;
}

/** Where another version decides than in the window before, as rules: at the end of the window before. */
export function versionRules(windows: DriftAnswer['windows']): readonly { readonly at: number; readonly label: string }[] {
  return windows.flatMap(({ from, version }, index) => {
    const isNew = index === 0 || windows[index - 1]?.version !== version;
    return isNew ? [{ at: Date.parse(from), label: `v${version}` }] : [];
  });
}
