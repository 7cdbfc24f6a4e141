import type { SloView } from '#core';
import { formatShare } from '../words/numbers.ts';
import { formatShortDay } from '../words/times.ts';
import { percentOf } from './budget.ts';
import { historyBars } from './history-bars.ts';

const WIDTH = 300;
const HEIGHT = 44;

/** Shares of bad events by step of the period, against what the objective allows. */
export function SloHistory({ slo }: { readonly slo: SloView }) {
  const { history, objective } = slo;
  const { bars, allowedY, worst } = historyBars(slo, { width: WIDTH, height: HEIGHT });
  const [first] = history;
  const last = history.at(-1);
  if (first === undefined || last === undefined) return null;
  const told = `Share of bad events from ${formatShortDay(first.at)} to ${formatShortDay(last.at)}: at worst ${formatShare(worst, 1)}; ${percentOf(1 - objective)} is allowed`;
  return (
    <figure className="slo-history">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={told}>
        {bars.map(({ x, y, width, height, isOver }) => (
          <rect key={x} className={isOver ? 'is-over' : ''} x={x} y={y} width={width} height={height} />
        ))}
        <line x1="0" x2={WIDTH} y1={allowedY} y2={allowedY} vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption>
        <span>{formatShortDay(first.at)}</span>
        <span>{`bad events; dashed: ${percentOf(1 - objective)} allowed`}</span>
        <span>{formatShortDay(last.at)}</span>
      </figcaption>
    </figure>
  );
}
