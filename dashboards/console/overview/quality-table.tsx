import type { Timeline } from '#core';
import { useSearchState } from '../parts/search-state.ts';
import { formatCount, formatFigure } from '../words/numbers.ts';
import { formatMonth } from '../words/times.ts';

type MonthQuality = Timeline['months'][number];

const HEADS = ['month', 'scored', 'outcome final', 'base rate', 'AUC', 'log loss', 'accuracy', 'calibration error', 'versions'];
const FROZEN_HEADS = ['frozen first model: AUC', 'log loss', 'accuracy'];

/** Quality by month of the scored event, as figures; open or closed in the URL (?table=quality). */
export function QualityTable({
  months,
  total,
}: {
  readonly months: readonly MonthQuality[];
  readonly total: MonthQuality | null;
}) {
  const [table, setTable] = useSearchState('table');
  const isOpen = table === 'quality';
  const isFrozenTold = months.some(({ frozen }) => frozen !== null);
  const heads = isFrozenTold ? [...HEADS, ...FROZEN_HEADS] : HEADS;
  return (
    <section className="quality">
      <button
        type="button"
        className="disclosure"
        aria-expanded={isOpen}
        onClick={() => setTable(isOpen ? undefined : 'quality')}
      >
        Quality by month as a table
      </button>
      {isOpen ? (
        <div className="scroll" tabIndex={0} role="region" aria-label="Quality by month">
          <table className="grid">
            <thead>
              <tr>
                {heads.map((name, index) => (
                  <th key={`${index} ${name}`} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {months.map((month) => (
                <QualityRow key={month.month} name={formatMonth(month.month)} quality={month} isFrozenTold={isFrozenTold} />
              ))}
            </tbody>
            {total === null ? null : (
              <tfoot>
                <QualityRow name="all" quality={total} isFrozenTold={isFrozenTold} />
              </tfoot>
            )}
          </table>
        </div>
      ) : null}
    </section>
  );
}

interface QualityRowProps {
  readonly name: string;
  readonly quality: MonthQuality;
  /** Any month has figures of the frozen first model: then each has cells for them. */
  readonly isFrozenTold: boolean;
}

function QualityRow({ name, quality, isFrozenTold }: QualityRowProps) {
  const { scored, matured, complete, baseRate, auc, logLoss, accuracy, calibrationError, versions, frozen } = quality;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{formatCount(scored)}</td>
      <td>
        {formatCount(matured)}
        {complete ? '' : ' (some open)'}
      </td>
      {[baseRate, auc, logLoss, accuracy, calibrationError].map((figure, index) => (
        <td key={['baseRate', 'auc', 'logLoss', 'accuracy', 'calibrationError'][index]}>{formatFigure(figure)}</td>
      ))}
      <td>{versions.map((version) => `v${version}`).join(', ')}</td>
      {!isFrozenTold
        ? null
        : (['auc', 'logLoss', 'accuracy'] as const).map((measure) => (
            <td key={measure}>{formatFigure(frozen?.[measure] ?? null)}</td>
          ))}
    </tr>
  );
}
