import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  ConstantVariableBuilder,
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { TABLES } from '#core';
import { CLICKHOUSE_PLUGIN, DATA_SOURCE } from '../clickhouse-query.ts';
import { DEFAULT_CONSOLE_URL, type GrafanaOptions } from '../options.ts';
import { DATA_SOURCE_NAME, DATA_SOURCE_UID } from '../provisioning/names.ts';

/** The SDK writes the settings of interval variables into all of them. */
function tidied(builder: Builder<VariableModel>): Builder<VariableModel> {
  return {
    build: () => {
      const { auto: _auto, auto_min: _min, auto_count: _count, ...variable } = builder.build();
      return variable;
    },
  };
}

const named = (kind: string): string =>
  `SELECT DISTINCT subject FROM ${TABLES.changes} WHERE kind = '${kind}' ORDER BY subject LIMIT 500`;

/** What each variable offers. They are asked of small tables: none depends on the time that is shown. */
export const VARIABLE_SQL = {
  pipeline: `SELECT DISTINCT pipeline FROM ${TABLES.batches} ORDER BY pipeline LIMIT 500`,
  model: named('model_promoted'),
  subject: named('contract_registered'),
} as const;
export type ChoiceName = keyof typeof VARIABLE_SQL;

const CHOICES: Readonly<Record<ChoiceName, { readonly label: string; readonly description: string }>> = {
  pipeline: { label: 'Pipeline', description: 'A pipeline that has scored something.' },
  model: { label: 'Model', description: 'A model of which a version has decided.' },
  subject: { label: 'Contract', description: 'The subject of a registered contract: the type of its events.' },
};

function firstOf(options: GrafanaOptions, name: ChoiceName): string | undefined {
  const { pipelines, models, contracts } = options;
  return { pipeline: pipelines, model: models, subject: contracts }[name][0]?.name;
}

function choice(options: GrafanaOptions, name: ChoiceName, isUsed: boolean): Builder<VariableModel> {
  const { label, description } = CHOICES[name];
  const first = firstOf(options, name);
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource({ ...DATA_SOURCE })
    .query({ editorType: 'sql', rawSql: VARIABLE_SQL[name], refId: name })
    .definition(VARIABLE_SQL[name])
    .refresh(VariableRefresh.OnDashboardLoad)
    .hide(isUsed ? VariableHide.DontHide : VariableHide.HideVariable);
  return tidied(first === undefined ? builder : builder.current({ text: first, value: first, selected: true }));
}

/** By week or by month: labels come late, and a month has more of them. */
function grain(): Builder<VariableModel> {
  const values = [
    { text: 'week', value: 'WEEK' },
    { text: 'month', value: 'MONTH' },
  ].map((option, index) => ({ ...option, selected: index === 0 }));
  const builder = new CustomVariableBuilder('grain')
    .label('By')
    .description('How outcomes are gathered.')
    .values('week : WEEK, month : MONTH');
  return tidied(builder.options(values).current({ text: 'week', value: 'WEEK', selected: true }));
}

const OUR_DATA_SOURCE = { text: DATA_SOURCE_NAME, value: DATA_SOURCE_UID, selected: true };

export interface BoardVariables {
  /** Choices that the board's panels use. The others are there unseen, so that links between boards keep them. */
  readonly uses: readonly ChoiceName[];
  readonly hasGrain?: boolean;
}

/** The variables of a board: the data source first, then the choices, then where the console is. */
export function boardVariables(options: GrafanaOptions, { uses, hasGrain = false }: BoardVariables): Builder<VariableModel>[] {
  const { consoleUrl = DEFAULT_CONSOLE_URL } = options;
  return [
    tidied(new DatasourceVariableBuilder('datasource').label('Data source').type(CLICKHOUSE_PLUGIN).current(OUR_DATA_SOURCE)),
    choice(options, 'pipeline', uses.includes('pipeline')),
    choice(options, 'model', uses.includes('model')),
    choice(options, 'subject', uses.includes('subject')),
    ...(hasGrain ? [grain()] : []),
    tidied(new ConstantVariableBuilder('console').label('Console').description('Where the console is.').value(consoleUrl)),
  ];
}
