import { STAGES, type StageName } from '#core';
import type { GrafanaGoal, GrafanaPipeline } from '../options.ts';

/** Pieces of SQL. What stands in braces behind a $ Grafana fills in; what begins with $__ its ClickHouse plugin. */

/** The value of a variable as a string of SQL. */
export const chosen = (variable: 'pipeline' | 'model' | 'subject'): string => `\${${variable}:sqlstring}`;

/** A series has at most so many points, and a table so many rows. */
export const MAX_POINTS = 20_000;
export const MAX_ROWS = 100;

/** Orders a wide result by time, and puts zeros where nothing was: a line must not lead over a silence. */
export const ORDERED_WITH_ZEROS = `ORDER BY time WITH FILL FROM toStartOfInterval($__fromTime, INTERVAL $__interval_s second) TO $__toTime STEP $__interval_s LIMIT ${MAX_POINTS}`;

/** Seconds that the board shows. */
export const RANGE_SECONDS = "greatest(1, dateDiff('second', $__fromTime, $__toTime))";

const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/** A stage as people read it. */
export const stageWords = (stage: string): string => stage.replaceAll('_', ' ');

/** Where both marks of a stage stand, µs. broker_wait has none: it is an array, a value a decision. */
export const STAGES_WITH_MARKS: readonly StageName[] = STAGES.filter((stage) => stage !== 'broker_wait');
export const stageUs = (stage: StageName): string => `(toFloat64(${stage}_to_us) - toFloat64(${stage}_from_us))`;

/** How many decisions of a batch count for latency: neither backlog nor skewed. */
export const COUNTED = 'length(end_to_end_us)';

/** A figure of the latency budget of the pipeline in this column, ms; NULL where the workspace has none. */
export function budgetMs(pipelines: readonly GrafanaPipeline[], pipeline: string, figure: keyof GrafanaGoal): string {
  if (pipelines.length === 0) return 'CAST(NULL AS Nullable(Float64))';
  const names = list(pipelines.map(({ name }) => name));
  const values = pipelines.map(({ latencyBudget }) => `toFloat64(${latencyBudget.total[figure]})`).join(', ');
  return `nullIf(transform(${pipeline}, ${names}, [${values}], toFloat64(0)), 0)`;
}

/** The same of a stage of the chosen pipeline. */
export function stageBudgetMs(pipelines: readonly GrafanaPipeline[], stage: string, figure: keyof GrafanaGoal): string {
  const entries = pipelines.flatMap(({ name, latencyBudget }) =>
    STAGES.map((each) => [`${name}/${each}`, latencyBudget.stages[each][figure]] as const),
  );
  if (entries.length === 0) return 'CAST(NULL AS Nullable(Float64))';
  const values = entries.map(([, value]) => `toFloat64(${value})`).join(', ');
  return `nullIf(transform(concat(${chosen('pipeline')}, '/', ${stage}), ${list(entries.map(([name]) => name))}, [${values}], toFloat64(0)), 0)`;
}
