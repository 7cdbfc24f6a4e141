import { useState } from 'react';
import type { DriftAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { extentOf, monthTicks } from '../parts/chart-scale.ts';
import { LineChart, type Series } from '../parts/line-chart.tsx';
import { formatFigure, NO_FIGURE } from '../words/numbers.ts';
import { formatWindow } from '../words/times.ts';
import { type PictureWindow, pictureOf, pictureSentence, versionRules } from './picture.ts';

const LOSS_HEIGHT = 190;
const PSI_HEIGHT = 150;
const MOST_TICKS = 12;
/** Beyond this many limits PSI says no more than that it is far over: the scale ends there. */
const PSI_CEILING_LIMITS = 4;

/** Realised quality above, the largest PSI of the features below, on one axis: whether the one sees what the other does. */
export function QualityPicture({ answer }: { readonly answer: DriftAnswer }) {
  const [point, setPoint] = useState<number | undefined>(undefined);
  const picture = pictureOf(answer);
  const rules = versionRules(answer.windows);
  const xs = picture.map(({ at }) => at);
  const first = Date.parse(answer.windows[0]?.from ?? '');
  const last = xs.at(-1) ?? first;
  const shared = { x: [first, last] as const, xs, point, onPoint: setPoint, rules, ticks: monthTicks(first, last, MOST_TICKS) };
  return (
    <Card title="Quality beside drift" aside="windows by event time; rules: another version decides" className="picture">
      <p className="picture-sentence">{pictureSentence(picture)}</p>
      <Readout answer={answer} picture={picture} point={point} />
      <figure className="picture-chart">
        <figcaption>realised log loss, lower is better; dashed: its limit, dotted: held out in training</figcaption>
        <LineChart
          {...shared}
          label="Realised log loss by window, with its limit and the held-out reference"
          height={LOSS_HEIGHT}
          y={extentOf(picture.flatMap(({ logLoss, heldOut, lossLimit }) => [logLoss, heldOut, lossLimit]))}
          format={(value) => value.toFixed(2)}
          series={lossSeries(picture)}
        />
      </figure>
      <figure className="picture-chart">
        <figcaption>largest PSI of the features; dashed: its limit; triangle: beyond the scale</figcaption>
        <LineChart
          {...shared}
          label="Largest PSI of all features by window, with its limit"
          height={PSI_HEIGHT}
          y={[0, psiCeiling(picture)]}
          format={(value) => value.toFixed(1)}
          series={psiSeries(picture)}
        />
      </figure>
    </Card>
  );
}

function lossSeries(picture: readonly PictureWindow[]): readonly Series[] {
  const points = (valueOf: (window: PictureWindow) => number | null) =>
    picture.map((window) => ({ x: window.at, y: valueOf(window) }));
  return [
    { name: 'held out', className: 'series-reference', mark: 'none', isStepped: true, points: points(({ heldOut }) => heldOut) },
    { name: 'limit', className: 'series-limit', mark: 'none', isStepped: true, points: points(({ lossLimit }) => lossLimit) },
    { name: 'log loss', className: 'series-governed', mark: 'none', points: points(({ logLoss }) => logLoss) },
    {
      name: 'over',
      className: 'series-over',
      mark: 'square',
      points: points(({ logLoss, isLossOver }) => (isLossOver ? logLoss : null)),
    },
  ];
}

function psiCeiling(picture: readonly PictureWindow[]): number {
  const limit = Math.max(0.1, ...picture.map(({ psiLimit }) => psiLimit ?? 0));
  const top = Math.max(limit * 1.5, ...picture.map(({ psi }) => psi ?? 0));
  return Math.min(top * 1.1, limit * PSI_CEILING_LIMITS);
}

function psiSeries(picture: readonly PictureWindow[]): readonly Series[] {
  const ceiling = psiCeiling(picture);
  const held = (psi: number | null): number | null => (psi === null ? null : Math.min(psi, ceiling));
  return [
    {
      name: 'limit',
      className: 'series-limit',
      mark: 'none',
      isStepped: true,
      points: picture.map(({ at, psiLimit }) => ({ x: at, y: psiLimit })),
    },
    { name: 'psi', className: 'series-psi', mark: 'none', points: picture.map(({ at, psi }) => ({ x: at, y: held(psi) })) },
    {
      name: 'over',
      className: 'series-over',
      mark: 'square',
      points: picture.map(({ at, psi, isPsiOver }) => ({ x: at, y: isPsiOver && psi !== null && psi <= ceiling ? psi : null })),
    },
    {
      name: 'beyond',
      className: 'series-over',
      mark: 'triangle',
      points: picture.map(({ at, psi }) => ({ x: at, y: psi !== null && psi > ceiling ? ceiling : null })),
    },
  ];
}

interface ReadoutProps {
  readonly answer: DriftAnswer;
  readonly picture: readonly PictureWindow[];
  readonly point: number | undefined;
}

function Readout({ answer, picture, point }: ReadoutProps) {
  const index = point ?? picture.length - 1;
  const window = answer.windows[index];
  const shown = picture[index];
  if (window === undefined || shown === undefined) return null;
  return (
    <p className="readout" aria-live="off">
      <strong>{formatWindow(window)}</strong>
      {` v${window.version} · log loss ${formatFigure(shown.logLoss)}`}
      {shown.lossLimit === null ? ' (too few matured outcomes)' : `, limit ${formatFigure(shown.lossLimit)}`}
      {shown.isLossOver ? ', over' : ''}
      {` · largest PSI ${shown.psi === null ? NO_FIGURE : formatFigure(shown.psi)}`}
      {shown.psiOf === undefined ? '' : ` of ${shown.psiOf}`}
      {shown.isPsiOver ? ', over' : ''}
    </p>
  );
}
