import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** Grafana's ClickHouse plugin, version 4. */
export const CLICKHOUSE_PLUGIN = 'grafana-clickhouse-datasource';

/** The data source that the board's variable stands for. */
export const DATA_SOURCE = { type: CLICKHOUSE_PLUGIN, uid: `\${datasource}` } as const;

/** The plugin's numbers: of time series a long result becomes a series a label; a table stays as it is. */
const FORMATS = { timeseries: 0, table: 1 } as const;
export type QueryForm = keyof typeof FORMATS;

export interface ClickHouseDataquery extends Dataquery {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly editorType: 'sql';
  readonly rawSql: string;
  readonly queryType: QueryForm;
  readonly format: number;
}

export interface ClickHouseQueryOptions {
  readonly sql: string;
  readonly form: QueryForm;
  readonly refId?: string;
  /** Default: the one of the board's variable. */
  readonly datasource?: { readonly type: string; readonly uid: string };
}

/** A target for the SDK's builders, which have none for ClickHouse. */
export class ClickHouseQuery implements Builder<Dataquery> {
  readonly #options: ClickHouseQueryOptions;

  constructor(options: ClickHouseQueryOptions) {
    this.#options = options;
  }

  build(): ClickHouseDataquery {
    const { sql, form, refId = 'A', datasource = DATA_SOURCE } = this.#options;
    const query = {
      refId,
      datasource: { ...datasource },
      editorType: 'sql',
      rawSql: sql,
      queryType: form,
      format: FORMATS[form],
    } as const;
    // The SDK tells queries from other objects by a method; JSON does not show it.
    return Object.defineProperty(
      { ...query, _implementsDataqueryVariant: (): void => undefined },
      '_implementsDataqueryVariant',
      {
        enumerable: false,
      },
    );
  }
}
