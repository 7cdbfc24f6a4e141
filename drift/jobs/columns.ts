import type { Database, EventWindow } from '#core';
import type { ColumnFigures, MeasuredColumn } from './column-measurements.ts';
import { featureSource, type Sides, scoreSource } from './column-source.ts';
import { type ColumnRow, type ColumnSource, columnStatement } from './column-statement.ts';
import type { LiveReference } from './review.ts';
import { loadScope, type ReviewScope } from './scope.ts';

/** Scores of the first 28 days in which a version scored anything are what its later ones are compared with. */
const SCORE_REFERENCE_MS = 28 * 86_400_000;
/** Values in one statement: with about 150 bytes for each, it stays well within its memory. */
const MAX_VALUES = 8_000_000;
/** Rows of both sides together that are compared; of more, one in so many predictions, by the hash of its id. */
const MAX_ROWS = 8_000_000;
const MAX_SECONDS = 120;
const MAX_BYTES = 2 * 1024 ** 3;

/** What is compared. */
export interface ColumnQuestion {
  readonly pipeline: string;
  readonly live: LiveReference;
  readonly window: EventWindow;
}

/** A column, and what the store has of it. */
export interface LoadedColumn extends ColumnFigures {
  readonly column: MeasuredColumn;
}

interface PlannedStatement {
  readonly sources: readonly ColumnSource[];
}

/** Of how many predictions one is compared, so that the memory of a statement does not grow with the window. */
export function samplingOf(rows: number): number {
  return Math.max(1, Math.ceil(rows / MAX_ROWS));
}

function scoreColumn({ live, window }: ColumnQuestion, { scoredFromMs }: ReviewScope): LoadedColumn {
  const base = { targetKind: 'score', target: 'score', window } as const;
  if (scoredFromMs === undefined) return { column: { ...base, reference: live.window }, row: undefined };
  const reference = { fromMs: scoredFromMs, toMs: scoredFromMs + SCORE_REFERENCE_MS };
  const isBuilding = window.fromMs < reference.toMs;
  return { column: { ...base, reference }, row: undefined, ...(isBuilding && { reason: 'reference_building' }) };
}

/** Features in parts that one statement can take, the score with the first of them. */
function planStatements(question: ColumnQuestion, scope: ReviewScope, score: LoadedColumn): readonly PlannedStatement[] {
  const { pipeline, live, window } = question;
  const sides = (reference: EventWindow, rows: number): Sides => ({ pipeline, live, reference, window, every: samplingOf(rows) });
  const hasScore = scope.scored > 0 && score.reason === undefined;
  const scoreSources = hasScore ? [scoreSource(sides(score.column.reference, scope.scored), live.inputs.length + 1)] : [];
  if (scope.rows === 0) return scoreSources.length === 0 ? [] : [{ sources: scoreSources }];
  const perStatement = Math.max(1, Math.floor(MAX_VALUES / Math.min(scope.rows, MAX_ROWS)));
  const parts: PlannedStatement[] = [];
  for (let from = 0; from < live.inputs.length; from += perStatement) {
    const names = live.inputs.slice(from, from + perStatement);
    const features = featureSource(sides(live.window, scope.rows), { names, from: from + 1, featureSets: scope.featureSets });
    parts.push({ sources: [features, ...(from === 0 ? scoreSources : [])] });
  }
  return parts;
}

async function ask(database: Database, { sources }: PlannedStatement): Promise<readonly ColumnRow[]> {
  const statement = columnStatement(sources.map(({ sql }) => sql).join(' UNION ALL '));
  const params = Object.assign({}, ...sources.map((source) => source.params)) as ColumnSource['params'];
  return await database.query<ColumnRow>(statement, { params, maxSeconds: MAX_SECONDS, maxBytes: MAX_BYTES });
}

/**
 * The columns of a window beside their references, features in the order of the live version's inputs and then the score. All is
 * computed in the store, one statement for as many columns as fit. Throws CLICKHOUSE_*.
 */
export async function loadColumns(database: Database, question: ColumnQuestion): Promise<readonly LoadedColumn[]> {
  const { live, window } = question;
  const scope = await loadScope(database, question);
  const score = scoreColumn(question, scope);
  const rows = new Map<number, ColumnRow>();
  // One behind the other: each may take all of its memory.
  for (const statement of planStatements(question, scope, score)) {
    for (const row of await ask(database, statement)) rows.set(row.position, row);
  }
  const features = live.inputs.map((target, i): LoadedColumn => {
    const column = { targetKind: 'feature', target, reference: live.window, window } as const;
    return { column, row: rows.get(i + 1) };
  });
  return [...features, { ...score, row: rows.get(live.inputs.length + 1) }];
}
