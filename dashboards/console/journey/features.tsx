import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { Journey } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { formatAge } from '../words/durations.ts';
import { formatValue, NO_FIGURE } from '../words/numbers.ts';
import { formatTime } from '../words/times.ts';

type Feature = Journey['features'][number];
type SortValue = string | number;

const STATUS: Readonly<Record<Feature['status'], { readonly word: string; readonly sign: string }>> = {
  present: { word: 'present', sign: '●' },
  stale: { word: 'stale', sign: '◑' },
  not_found: { word: 'not found', sign: '○' },
};

/** What is absent sorts below everything that is there. */
function sortValue(value: SortValue | null): SortValue {
  return value ?? Number.NEGATIVE_INFINITY;
}

function compare(left: SortValue, right: SortValue): number {
  if (typeof left === 'number' && typeof right === 'number') return left === right ? 0 : Math.sign(left - right);
  return String(left).localeCompare(String(right));
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { natural: (left, right, id) => compare(left.getValue<SortValue>(id), right.getValue<SortValue>(id)) },
});
const helper = createColumnHelper<typeof features, Feature>();
const columns = helper.columns([
  helper.accessor('name', {
    header: 'feature',
    sortFn: 'natural',
    cell: ({ row: { original } }) => (
      <>
        <span className="input-mark">
          {original.isInput ? <span aria-hidden="true">▸</span> : null}
          {original.isInput ? <span className="visually-hidden">input of the model: </span> : null}
        </span>
        <span className="soft">{`${original.view}.`}</span>
        <wbr />
        {original.name.slice(original.view.length + 1)}
      </>
    ),
  }),
  helper.accessor(({ value }) => sortValue(value), {
    id: 'value',
    header: 'value',
    sortFn: 'natural',
    cell: ({ row }) => formatValue(row.original.value),
  }),
  helper.accessor(({ ageSeconds }) => sortValue(ageSeconds), {
    id: 'age',
    header: 'age',
    sortFn: 'natural',
    cell: ({ row }) => formatAge(row.original.ageSeconds),
  }),
  helper.accessor(({ eventTime }) => sortValue(eventTime), {
    id: 'time',
    header: 'event time, UTC',
    sortFn: 'natural',
    cell: ({ row: { original } }) =>
      original.eventTime === null ? NO_FIGURE : formatTime(original.eventTime).replace(' UTC', ''),
  }),
  helper.accessor('status', {
    header: 'status',
    sortFn: 'natural',
    cell: ({ row: { original } }) => (
      <span className={`status status-${original.status}`}>
        <span aria-hidden="true">{STATUS[original.status].sign}</span> {STATUS[original.status].word}
      </span>
    ),
  }),
]);

/** `age` or `-age` in the URL. */
function parseSort(text: string | undefined): SortingState {
  if (text === undefined) return [];
  return [{ id: text.replace(/^-/u, ''), desc: text.startsWith('-') }];
}

function nextSort(id: string, text: string | undefined): string | undefined {
  if (text === id) return `-${id}`;
  return text === `-${id}` ? undefined : id;
}

const SORTED = { asc: 'ascending', desc: 'descending' } as const;

/** The served vector: each value with the event time behind it and its age, sortable by every column (?sort=). */
export function Features({ features: data }: { readonly features: Journey['features'] }) {
  const [sort, setSort] = useSearchState('sort');
  const table = useTable({ features, columns, data, state: { sorting: parseSort(sort) } });
  return (
    <Card title="Features as served" aside="▸ input of the model; ages on the event clock" className="features">
      {data.length === 0 ? <Empty>This model reads no features.</Empty> : null}
      <table className="grid feature-table">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    scope="col"
                    className={`column-${header.column.id}`}
                    aria-sort={sorted === false ? 'none' : SORTED[sorted]}
                  >
                    <button type="button" className="sort" onClick={() => setSort(nextSort(header.column.id, sort))}>
                      <table.FlexRender header={header} />
                      <span aria-hidden="true" className="sort-sign">
                        {sorted === false ? '↕' : { asc: '↑', desc: '↓' }[sorted]}
                      </span>
                    </button>
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className={row.original.status === 'present' ? '' : 'is-missing'}>
              {row.getAllCells().map((cell) => (
                <td key={cell.id} className={`column-${cell.column.id}`}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
