import { type EventWindow, type SqlValue, TABLES } from '#core';
import type { ColumnSource } from './column-statement.ts';
import type { LiveReference } from './review.ts';
import { bounds, SCORED_BY_VERSION, within } from './scope.ts';

/** Which rows stand on which side. */
export interface Sides {
  readonly pipeline: string;
  readonly live: LiveReference;
  readonly reference: EventWindow;
  readonly window: EventWindow;
  /** Of how many predictions one is compared; the same ones each time. 1: all of them. */
  readonly every: number;
}

/** A prediction counts once, as it was first written. */
function distinctRows(columns: string, { name, condition }: { readonly name: string; readonly condition: string }): string {
  return `SELECT ${within(`${name}Reference`)} AS isReference, ${within(`${name}Window`)} AS isCurrent, ${columns}
    FROM ${TABLES.decisions}
    WHERE pipeline = {pipeline:String} AND (isReference OR isCurrent) AND ${condition}
      AND ({every:UInt32} = 1 OR cityHash64(prediction_id) % {every:UInt32} = 0)
    ORDER BY partition, offset LIMIT 1 BY prediction_id`;
}

function sideParams(name: string, { pipeline, reference, window, every }: Sides): ColumnSource['params'] {
  return { pipeline, every, ...bounds(`${name}Reference`, reference), ...bounds(`${name}Window`, window) };
}

/** Served features by name: the i-th is column `from + i`. A layout without one of them has it missing. */
export function featureSource(
  sides: Sides,
  columns: { readonly names: readonly string[]; readonly from: number; readonly featureSets: readonly string[] },
): ColumnSource {
  const params: Record<string, SqlValue> = {
    ...sideParams('feature', sides),
    positions: columns.names.map((_name, i) => columns.from + i),
    noIndexes: columns.names.map(() => 0),
  };
  const picked = columns.featureSets.map((set, i) => {
    const names = set.split(',');
    params[`set${i}`] = set;
    params[`indexes${i}`] = columns.names.map((name) => names.indexOf(name) + 1);
    return `feature_set = {set${i}:String}, {indexes${i}:Array(UInt16)}`;
  });
  const indexes = `multiIf(${[...picked, '{noIndexes:Array(UInt16)}'].join(', ')})`;
  return {
    sql: `SELECT isReference, isCurrent, arrayMap(i -> feature_values[i], indexes) AS values, {positions:Array(UInt16)} AS positions
      FROM (${distinctRows(`feature_values, ${indexes} AS indexes`, { name: 'feature', condition: '1' })})`,
    params,
  };
}

/** The version's own scores, live or in shadow, as column `position`. */
export function scoreSource(sides: Sides, position: number): ColumnSource {
  const score = `if(model_version = {version:UInt32}, score, shadow_scores[indexOf(shadow_versions, {version:UInt32})])`;
  return {
    sql: `SELECT isReference, isCurrent, [toNullable(toFloat64(own))] AS values, [toUInt16({scorePosition:UInt16})] AS positions
      FROM (${distinctRows(`${score} AS own`, { name: 'score', condition: SCORED_BY_VERSION })})`,
    params: {
      ...sideParams('score', sides),
      model: sides.live.name,
      version: sides.live.version,
      scorePosition: position,
    },
  };
}
