import type { ModelVersionView } from '#core';
import { CHECKS, formatDifference } from '../words/governance.ts';
import { formatCount, formatFigure } from '../words/numbers.ts';
import { formatWindow } from '../words/times.ts';
import { ForestPlot } from './forest-plot.tsx';
import { type Difference, forestDomain, formatLoss, intervalWords } from './intervals.ts';

type GateView = NonNullable<ModelVersionView['gate']>;

/** What the gate compared, each of its checks, and what it said. */
export function Gate({ gate }: { readonly gate: GateView }) {
  const { verdict, window, rows, checks, difference } = gate;
  return (
    <section className="gate">
      <h3>
        {'Gate: '}
        <strong className={verdict === 'promote' ? 'good' : 'bad'}>{verdict === 'promote' ? '✓ promoted' : '× refused'}</strong>
      </h3>
      <p className="fine">{`on ${formatCount(rows)} matured outcomes of ${formatWindow(window)}, none of which it was trained on`}</p>
      <ul className="checks">
        {checks.map(({ name, passed, summary }) => (
          <li key={name} className={passed ? '' : 'is-failed'}>
            <span className="check-sign" aria-hidden="true">
              {passed ? '✓' : '×'}
            </span>
            <span>
              <strong>{CHECKS[name]}</strong>
              <span className="visually-hidden">{passed ? ', passed: ' : ', failed: '}</span>
              <small>{summary}</small>
            </span>
          </li>
        ))}
      </ul>
      {difference === null ? null : <Interval difference={difference} />}
      <Compared gate={gate} />
    </section>
  );
}

function Interval({ difference }: { readonly difference: Difference }) {
  const domain = forestDomain([difference]);
  return (
    <figure className="interval">
      <figcaption>
        difference in log loss, <strong>{formatLoss(difference.mean)}</strong>
      </figcaption>
      <ForestPlot difference={difference} domain={domain} />
      <div className="interval-ends" aria-hidden="true">
        <span>← candidate better</span>
        <span>live better →</span>
      </div>
      <p className="fine">{`${intervalWords(difference)} (paired bootstrap, ${formatCount(difference.resamples)} resamples).`}</p>
    </figure>
  );
}

const FIGURES = [
  { key: 'logLoss', name: 'log loss', isHigherBetter: false },
  { key: 'auc', name: 'AUC', isHigherBetter: true },
  { key: 'accuracy', name: 'accuracy', isHigherBetter: true },
  { key: 'calibrationError', name: 'calibration error', isHigherBetter: false },
] as const;

function Compared({ gate: { live, candidate } }: { readonly gate: GateView }) {
  return (
    <table className="grid compared-table">
      <thead>
        <tr>
          {['on the same events', `live, v${live.version}`, `candidate, v${candidate.version}`, 'difference'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {FIGURES.map(({ key, name, isHigherBetter }) => {
          const left = live[key];
          const right = candidate[key];
          const difference = left === null || right === null ? null : right - left;
          const isBetter = difference !== null && difference > 0 === isHigherBetter;
          return (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>{formatFigure(left)}</td>
              <td>{formatFigure(right)}</td>
              <td className={isBetter ? 'verdict-better' : ''}>{formatDifference(difference)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
