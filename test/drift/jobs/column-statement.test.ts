import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#core';
import { type ColumnRow, columnStatement } from '../../../drift/jobs/column-statement.ts';
import { openTestStore, type TestStore } from '../../collector/test-store.ts';
import { type Column, figuresOf } from './column-figures.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const textOf = (value: number | null): string => (value === null ? '' : String(value).replace('Infinity', 'inf'));

/** The store's figures of columns whose rows are sent along, a row a value; numbers go as text, for the infinities. */
async function storedFigures(database: Database, columns: readonly Column[]): Promise<readonly ColumnRow[]> {
  const cells = columns.flatMap(({ reference, current }, i) => [
    ...reference.map((value) => [i + 1, 1, textOf(value)]),
    ...current.map((value) => [i + 1, 0, textOf(value)]),
  ]);
  const source = `SELECT cell.2 = 1 AS isReference, cell.2 = 0 AS isCurrent, [toFloat64OrNull(cell.3)] AS values, [cell.1] AS positions
    FROM (SELECT arrayJoin({cells:Array(Tuple(UInt16, UInt8, String))}) AS cell)`;
  const literal = `[${cells.map(([column, side, text]) => `(${column}, ${side}, '${text}')`).join(', ')}]`;
  const sql = columnStatement(source.replace('{cells:Array(Tuple(UInt16, UInt8, String))}', literal));
  const rows = await database.query<ColumnRow>(sql);
  return rows.map(({ edges, referenceUnder, currentUnder, ...row }) => ({
    ...row,
    edges,
    referenceUnder: referenceUnder.slice(0, edges.length),
    currentUnder: currentUnder.slice(0, edges.length),
  }));
}

const special = fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0);
const values = (numbers: fc.Arbitrary<number>) =>
  fc.array(fc.oneof({ arbitrary: numbers, weight: 9 }, special), { minLength: 1, maxLength: 60 });
const column: fc.Arbitrary<Column> = fc
  .constantFrom(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 40 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }))
  .chain((numbers) => fc.record({ reference: values(numbers), current: values(numbers) }));

describe('columnStatement', () => {
  it('finds what the definitions say of any columns: ties, nulls, infinities', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(column, { minLength: 1, maxLength: 8 }), async (columns) => {
        const expected = columns.map((one, i) => figuresOf(i + 1, one));
        // Without present values on a side no edge and no category means anything.
        const comparable = (rows: readonly ColumnRow[]) =>
          rows.map((row) =>
            row.referenceValues > 0 && row.currentValues > 0
              ? row
              : { rows: row.rows, referenceRows: row.referenceRows, values: [row.referenceValues, row.currentValues] },
          );
        expect(comparable(await storedFigures(store.database, columns))).toEqual(comparable(expected));
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    { name: 'all missing', column: { reference: [1, 2, 3], current: [null, null] }, is: { currentValues: 0, rows: 2 } },
    { name: 'constant', column: { reference: [4, 4, 4], current: [4, 5] }, is: { edges: [], categories: 1, newValues: 1 } },
    { name: 'disjoint', column: { reference: [1, 2], current: [7, 8, 9] }, is: { steps: 6, newValues: 3, singletons: 2 } },
    { name: 'a missing reference', column: { reference: [null], current: [1] }, is: { referenceValues: 0, referenceRows: 1 } },
  ])('has figures of a column that is $name', async ({ column: one, is }) => {
    expect(await storedFigures(store.database, [one])).toMatchObject([is]);
  });
});
