import type { SloView } from '#core';
import { SeverityMark } from '../parts/incident-marks.tsx';
import { formatPeriod } from '../words/durations.ts';
import { burnFigure } from './budget.ts';

type BurnRate = SloView['burnRates'][number];

/** How fast the budget burns, in four pairs of windows: a row fires where both burn faster than its limit. */
export function BurnRates({ slo: { burnRates, slo } }: { readonly slo: SloView }) {
  return (
    <table className="grid burn-rates">
      <caption className="visually-hidden">{`Burn rates of ${slo}: how many times faster than the budget allows`}</caption>
      <thead>
        <tr>
          <th scope="col">burn rate</th>
          <th scope="col">long</th>
          <th scope="col">short</th>
          <th scope="col">limit</th>
          <th scope="col">
            <span className="visually-hidden">what it raises</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {burnRates.map((rate) => (
          <Row key={`${rate.longSeconds} ${rate.shortSeconds}`} rate={rate} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ rate: { severity, longSeconds, shortSeconds, factor, long, short, isFiring } }: { readonly rate: BurnRate }) {
  const figure = (value: number | null): string => `${value !== null && value > factor ? 'is-over' : ''}`;
  return (
    <tr className={isFiring ? 'is-firing' : ''}>
      <th scope="row">{`${formatPeriod(longSeconds)} and ${formatPeriod(shortSeconds)}`}</th>
      <td className={figure(long)}>{burnFigure(long)}</td>
      <td className={figure(short)}>{burnFigure(short)}</td>
      <td className="soft">{burnFigure(factor)}</td>
      <td>{isFiring ? <SeverityMark severity={severity} /> : <span className="soft">{severity}</span>}</td>
    </tr>
  );
}
