import { cellText } from '../words/cells.ts';
import { Empty } from './notes.tsx';

type Row = Readonly<Record<string, unknown>>;

interface RowsTableProps {
  readonly rows: readonly Row[];
  /** In their order; those of the first row where they are not told. */
  readonly columns?: readonly string[];
  readonly label: string;
}

/** What a query answered, as it came. */
export function RowsTable({ rows, columns = Object.keys(rows[0] ?? {}), label }: RowsTableProps) {
  if (rows.length === 0) return <Empty>The query answered no row.</Empty>;
  const isNumber = (column: string): boolean => rows.every((row) => row[column] === null || typeof row[column] === 'number');
  return (
    <div className="scroll rows-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={isNumber(column) ? 'is-number' : ''}>
                {column.replaceAll('_', ' ')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column} className={isNumber(column) ? 'is-number' : ''}>
                  {cellText(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
