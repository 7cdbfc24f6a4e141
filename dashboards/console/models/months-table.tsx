import type { LineMonth } from '#core';
import { formatDifference } from '../words/governance.ts';
import { formatCount, formatFigure, formatShare, NO_FIGURE } from '../words/numbers.ts';
import { formatMonth } from '../words/times.ts';
import { compared, MEASURES } from './measures.ts';

interface MonthsTableProps {
  readonly months: readonly LineMonth[];
  readonly total: LineMonth | null;
}

/** The figures of the charts; a month an outcome of which is open says so. */
export function MonthsTable({ months, total }: MonthsTableProps) {
  return (
    <div className="scroll months-scroll" tabIndex={0} role="region" aria-label="Quality by month as a table">
      <table className="grid months-table">
        <thead>
          <tr className="group-heads">
            <th scope="col" rowSpan={2}>
              month
            </th>
            <th scope="colgroup" colSpan={3}>
              events
            </th>
            {MEASURES.map(({ key, name }) => (
              <th key={key} scope="colgroup" colSpan={3}>
                {name}
              </th>
            ))}
            <th scope="colgroup" colSpan={4}>
              line of models
            </th>
          </tr>
          <tr>
            {['scored', 'matured', 'base rate'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {MEASURES.flatMap(({ key }) =>
              ['governed', 'frozen', 'diff.'].map((name) => (
                <th key={`${key} ${name}`} scope="col">
                  {name}
                </th>
              )),
            )}
            {['versions', 'trained', 'promoted', 'refused'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <MonthRow key={month.month} name={formatMonth(month.month)} month={month} />
          ))}
        </tbody>
        {total === null ? null : (
          <tfoot>
            <MonthRow name="all" month={total} />
          </tfoot>
        )}
      </table>
      {months.some((month) => partWords(month) !== undefined) ? (
        <p className="fine">
          * the first model’s score is known of a part of these events only: the two are not of the same events.
        </p>
      ) : null}
    </div>
  );
}

/** Where the first model's score is known of a part of the matured events only: how many, as a note. */
function partWords({ matured, frozenMatured }: LineMonth): string | undefined {
  if (frozenMatured === undefined || frozenMatured === matured) return undefined;
  return `the first model’s score is known of ${formatCount(frozenMatured)} of ${formatCount(matured)} of them`;
}

function MonthRow({ name, month }: { readonly name: string; readonly month: LineMonth }) {
  const { scored, matured, complete, baseRate, versions, trainings, promotions, refusals } = month;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="group-begin">{formatCount(scored)}</td>
      <td>
        {complete ? null : (
          <span className="open-sign" title="Some outcomes are still open">
            ○<span className="visually-hidden"> some outcomes are open, </span>
          </span>
        )}
        {formatCount(matured)}
      </td>
      <td>{baseRate === null ? NO_FIGURE : formatShare(baseRate, 1)}</td>
      {MEASURES.map((measure) => {
        const { governed, frozen, difference, verdict } = compared(month, measure);
        return [
          <td key={`${measure.key} governed`} className="group-begin figure-governed">
            {formatFigure(governed)}
          </td>,
          <td key={`${measure.key} frozen`} title={partWords(month)}>
            {partWords(month) === undefined ? null : (
              <span className="open-sign">
                *<span className="visually-hidden">{`${partWords(month) ?? ''}: `}</span>
              </span>
            )}
            {formatFigure(frozen)}
          </td>,
          <td key={`${measure.key} difference`} className={`verdict-${verdict}`}>
            {formatDifference(difference)}
          </td>,
        ];
      })}
      <td className="group-begin">{versions.map((version) => `v${version}`).join(', ')}</td>
      {[trainings, promotions, refusals].map((count, index) => (
        <td key={['trainings', 'promotions', 'refusals'][index]} className={count === 0 ? 'soft' : ''}>
          {count === 0 ? NO_FIGURE : count}
        </td>
      ))}
    </tr>
  );
}
