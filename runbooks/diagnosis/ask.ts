import type { SqlValue } from '#core';
import type { Lookback } from './lookback.ts';
import type { Pathway } from './pathway.ts';

/** A statement that was run, and its rows. */
export interface Answer<Row> {
  readonly sql: string;
  readonly rows: Row[];
}

export type Ask = <Row>(sql: string, values?: Readonly<Record<string, SqlValue>>) => Promise<Answer<Row>>;

/** What the readers of series need. */
export interface SeriesDeps {
  readonly ask: Ask;
  readonly lookback: Lookback;
  readonly pathway: Pathway;
}
