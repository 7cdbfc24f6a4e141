import type { DistributionAnswer } from '#core';
import { formatCount, formatShare, formatValue } from '../words/numbers.ts';
import { binName } from './bins.ts';

/** The window's shares as bars, bin by bin of the reference's tenths; the reference as a line across each. */
export function Distribution({ answer }: { readonly answer: DistributionAnswer }) {
  const { edges, shares, referenceShares, rows, referenceRows, nullRate, referenceNullRate } = answer;
  const top = Math.max(0.01, ...shares, ...referenceShares);
  const height = (share: number | undefined): string => `${((100 * (share ?? 0)) / top).toFixed(1)}%`;
  return (
    <figure className="distribution">
      <div className="bins" aria-hidden="true">
        {shares.map((share, bin) => (
          <div key={binName(edges, bin)} className="bin" title={binWords(answer, bin)}>
            <span className="bin-share" style={{ height: height(share) }} />
            <span className="bin-reference" style={{ bottom: height(referenceShares[bin]) }} />
            <span className="bin-value">{formatShare(share, 1)}</span>
          </div>
        ))}
      </div>
      <div className="bin-edges" aria-hidden="true">
        {edges.map((edge, index) => (
          <span key={edge} style={{ left: `${(100 * (index + 1)) / shares.length}%` }}>
            {formatValue(edge)}
          </span>
        ))}
      </div>
      <ul className="legend">
        <li>
          <span className="legend-bin" aria-hidden="true" />
          {`this window, ${formatCount(rows)} values`}
        </li>
        <li>
          <span className="legend-reference" aria-hidden="true" />
          {`reference, ${formatCount(referenceRows)} values`}
        </li>
        {nullRate === null ? null : (
          <li className="soft">
            {`missing ${formatShare(nullRate, 1)}${referenceNullRate === null ? '' : `, reference ${formatShare(referenceNullRate, 1)}`}`}
          </li>
        )}
      </ul>
      <table className="visually-hidden">
        <caption>Shares by bin</caption>
        <thead>
          <tr>
            <th scope="col">values</th>
            <th scope="col">this window</th>
            <th scope="col">reference</th>
          </tr>
        </thead>
        <tbody>
          {shares.map((share, bin) => (
            <tr key={binName(edges, bin)}>
              <th scope="row">{binName(edges, bin)}</th>
              <td>{formatShare(share, 1)}</td>
              <td>{formatShare(referenceShares[bin] ?? 0, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function binWords({ edges, shares, referenceShares }: DistributionAnswer, bin: number): string {
  return `${binName(edges, bin)}: ${formatShare(shares[bin] ?? 0, 1)} now, ${formatShare(referenceShares[bin] ?? 0, 1)} in the reference`;
}
