import { TABLES } from '#core';
import type { SeriesDeps } from './ask.ts';
import { bucketOf, within } from './statement.ts';

/** Reads of one view in a bucket. */
export interface ReadBucket {
  readonly atMs: number;
  readonly decisions: number;
  /** Mean share of the view's values, by decision: 0 to 1. */
  readonly notFoundShare: number;
  readonly staleShare: number;
}

/** Reads of each view over the look-back. */
export type FeatureReads = ReadonlyMap<string, readonly ReadBucket[]>;

/** Share of a view's values that have a status, of one decision; the view's name is {view<index>:String}, with a dot behind it. */
export const shareOf = (status: string, view: string): string =>
  `arrayAvg(arrayMap((name, status) -> toFloat64(status = '${status}'),
    arrayFilter(name -> startsWith(name, ${view}), names),
    arrayFilter((status, name) -> startsWith(name, ${view}), feature_statuses, names)))`;

/** Reads of each view, by the decision's poll. Throws CLICKHOUSE_*. */
export async function readFeatureReads({ ask, lookback, pathway }: SeriesDeps): Promise<FeatureReads> {
  const { views } = pathway;
  if (views.length === 0) return new Map();
  const columns = views.flatMap((_, index) => [
    `ifNotFinite(avg(${shareOf('not_found', `{view${index}:String}`)}), 0) AS nf_${index}`,
    `ifNotFinite(avg(${shareOf('stale', `{view${index}:String}`)}), 0) AS st_${index}`,
  ]);
  const sql = `SELECT ${bucketOf('polled')} AS bucket, toFloat64(count()) AS n, ${columns.join(',\n  ')}
FROM (SELECT polled, splitByChar(',', feature_set) AS names, feature_statuses FROM ${TABLES.decisions}
  WHERE pipeline = {pipeline:String} AND ${within('polled')})
GROUP BY bucket ORDER BY bucket`;
  const values = Object.fromEntries(views.map(({ view }, index) => [`view${index}`, `${view}.`]));
  const { rows } = await ask<Readonly<Record<string, number>>>(sql, values);
  return new Map(
    views.map(({ view }, index) => [
      view,
      rows.map((row) => ({
        atMs: lookback.fromMs + (row['bucket'] ?? 0) * lookback.bucketMs,
        decisions: row['n'] ?? 0,
        notFoundShare: row[`nf_${index}`] ?? 0,
        staleShare: row[`st_${index}`] ?? 0,
      })),
    ]),
  );
}
