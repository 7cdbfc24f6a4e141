import type { AlertRule, Severity } from '#core';
import { CLICKHOUSE_PLUGIN, ClickHouseQuery } from '../clickhouse-query.ts';
import { CONTACT_POINT, DATA_SOURCE_UID } from '../provisioning/names.ts';

/** Alert rules name their folder by its title: folders lie at the top, and no other is called so. */
function folderOf({ pipeline, severity }: AlertRule): string {
  return `Throughline alerts: ${pipeline}, ${severity === 'none' ? 'watchdog' : `${severity}s`}`;
}

/** In a rule of Grafana, instead of the parameter that our evaluator fills in. */
const NOW_MS = 'toUnixTimestamp64Milli(now64(3))';

/** How often a group is evaluated. */
const INTERVALS: Readonly<Record<Severity, string>> = { page: '1m', ticket: '5m', none: '1m' };

/** Rules look back by their own SQL; this is only what Grafana wants to be told. */
const LOOK_BACK_SECONDS = 600;

const QUERY = 'A';
const CONDITION = 'B';

/** `{label}` and `{value}` as Grafana's templates have them. */
export function grafanaTemplate(text: string): string {
  return text.replaceAll(/\{([a-z][a-z0-9_]*)\}/giu, (_, name: string) =>
    name === 'value' ? `{{ printf "%.4g" $values.${QUERY}.Value }}` : `{{ $labels.${name} }}`,
  );
}

/** The rule's statement for a data source that knows no parameters. */
export function grafanaSql(sql: string): string {
  return sql.replaceAll('{nowMs:Int64}', NOW_MS);
}

function dataOf({ sql, threshold }: AlertRule): readonly object[] {
  const datasource = { type: CLICKHOUSE_PLUGIN, uid: DATA_SOURCE_UID };
  const expression = { type: '__expr__', uid: '__expr__' };
  const relativeTimeRange = { from: LOOK_BACK_SECONDS, to: 0 };
  return [
    {
      refId: QUERY,
      relativeTimeRange,
      datasourceUid: DATA_SOURCE_UID,
      model: { ...new ClickHouseQuery({ sql: grafanaSql(sql), form: 'table', refId: QUERY, datasource }).build() },
    },
    {
      refId: CONDITION,
      relativeTimeRange,
      datasourceUid: expression.uid,
      model: {
        refId: CONDITION,
        type: 'threshold',
        datasource: expression,
        expression: QUERY,
        conditions: [{ evaluator: { type: 'gt', params: [threshold] } }],
      },
    },
  ];
}

interface RuleSetting {
  readonly runbookUrl: (rule: AlertRule) => string;
  /** Grafana calls an alert (its alertname) by the rule's title, which only one rule of a folder may have. */
  readonly title: string;
}

function ruleOf(rule: AlertRule, { runbookUrl, title }: RuleSetting): object {
  const { id, owner, forMs, noData, panel, labels } = rule;
  return {
    uid: id,
    title,
    condition: CONDITION,
    data: dataOf(rule),
    dashboardUid: panel.dashboardUid,
    panelId: panel.panelId,
    // Both are written down: what Grafana takes where they are left out (no data is fine) is wrong for a pipeline that falls silent.
    noDataState: noData === 'firing' ? 'Alerting' : 'OK',
    execErrState: noData === 'firing' ? 'Alerting' : 'Error',
    for: `${Math.round(forMs / 1000)}s`,
    labels,
    annotations: {
      summary: grafanaTemplate(rule.summary),
      description: grafanaTemplate(rule.description),
      runbook_url: runbookUrl(rule),
      owner,
      __dashboardUid__: panel.dashboardUid,
      __panelId__: String(panel.panelId),
    },
    notification_settings: { receiver: CONTACT_POINT },
  };
}

/** A file of alert rules for Grafana's provisioning: a folder for each pipeline and severity, with one group in it. */
export function alertRuleFile(rules: readonly AlertRule[], { runbookUrl }: Pick<RuleSetting, 'runbookUrl'>): object {
  const folders = new Map<string, AlertRule[]>();
  for (const rule of rules) folders.set(folderOf(rule), [...(folders.get(folderOf(rule)) ?? []), rule]);
  const titleOf = (rule: AlertRule, among: readonly AlertRule[]): string =>
    among.filter(({ alert }) => alert === rule.alert).length === 1 ? rule.alert : `${rule.alert} (${rule.id})`;
  return {
    apiVersion: 1,
    groups: [...folders].map(([folder, members]) => ({
      orgId: 1,
      name: 'throughline',
      folder,
      interval: INTERVALS[members[0]?.severity ?? 'page'],
      rules: members.map((rule) => ruleOf(rule, { runbookUrl, title: titleOf(rule, members) })),
    })),
  };
}
