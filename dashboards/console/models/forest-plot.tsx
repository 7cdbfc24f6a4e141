import { type Difference, intervalWords, sideOf } from './intervals.ts';

interface ForestPlotProps {
  readonly difference: Difference;
  readonly domain: readonly [number, number];
}

/** The interval of a difference against 0: left of it the candidate has the lower log loss. */
export function ForestPlot({ difference, domain }: ForestPlotProps) {
  const { mean, low, high } = difference;
  const at = (value: number): string => `${((100 * (value - domain[0])) / (domain[1] - domain[0])).toFixed(2)}%`;
  const width = `${((100 * (high - low)) / (domain[1] - domain[0])).toFixed(2)}%`;
  return (
    <span
      className={`forest forest-${sideOf(difference)}`}
      role="img"
      aria-label={`Candidate less live, log loss: ${intervalWords(difference)}`}
    >
      <span className="forest-zero" style={{ left: at(0) }} />
      <span className="forest-interval" style={{ left: at(low), width }} />
      <span className="forest-mean" style={{ left: at(mean) }} />
    </span>
  );
}
