import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AlertRule } from '#core';
import { buildGrafana } from '#dashboards';
import { grafanaSql, grafanaTemplate } from '../../../../dashboards/grafana/alerts/rule-file.ts';
import { LAG_RULE, RETAIL, SILENT_RULE } from '../retail-options.ts';

interface RuleFile {
  readonly apiVersion: number;
  readonly groups: readonly {
    readonly orgId: number;
    readonly name: string;
    readonly folder: string;
    readonly interval: string;
    readonly rules: readonly (Readonly<Record<string, unknown>> & { readonly uid: string; readonly title: string })[];
  }[];
}

const RULES_PATH = 'provisioning/alerting/throughline-rules.yaml';

function fileOf(rules: readonly AlertRule[]): RuleFile {
  return parse(buildGrafana({ ...RETAIL, rules }).get(RULES_PATH) ?? '') as RuleFile;
}

const [lagging, silent] = fileOf([LAG_RULE, SILENT_RULE]).groups.map(({ rules }) => rules[0]);

describe('alert rules for Grafana', () => {
  it('lie in folders of their own, by pipeline and severity, and are evaluated by how much they hurry', () => {
    const file = fileOf([LAG_RULE, SILENT_RULE]);
    expect(file.apiVersion).toBe(1);
    expect(file.groups.map(({ orgId, name, folder, interval }) => ({ orgId, name, folder, interval }))).toEqual([
      { orgId: 1, name: 'throughline', folder: 'Throughline alerts: repurchase, tickets', interval: '5m' },
      { orgId: 1, name: 'throughline', folder: 'Throughline alerts: repurchase, pages', interval: '1m' },
    ]);
  });

  it('are called as their alert, so that who receives one finds the runbook; and by their id where a folder has two', () => {
    const second = { ...LAG_RULE, id: 'consumer-group-lagging-more' };
    expect(fileOf([LAG_RULE, SILENT_RULE]).groups.flatMap(({ rules }) => rules.map(({ title }) => title))).toEqual([
      'ConsumerGroupLagging',
      'PipelineSilent',
    ]);
    expect(fileOf([LAG_RULE, second]).groups.flatMap(({ rules }) => rules.map(({ title }) => title))).toEqual([
      `ConsumerGroupLagging (${LAG_RULE.id})`,
      `ConsumerGroupLagging (${second.id})`,
    ]);
  });

  it('ask the rule’s own statement, at the time of the evaluation, and compare with its threshold', () => {
    expect(lagging).toMatchObject({
      uid: LAG_RULE.id,
      condition: 'B',
      for: '60s',
      data: [
        {
          refId: 'A',
          datasourceUid: 'throughline-clickhouse',
          model: { rawSql: grafanaSql(LAG_RULE.sql), queryType: 'table', format: 1, editorType: 'sql' },
        },
        {
          refId: 'B',
          datasourceUid: '__expr__',
          model: { type: 'threshold', expression: 'A', conditions: [{ evaluator: { type: 'gt', params: [10_000] } }] },
        },
      ],
    });
    expect(grafanaSql(LAG_RULE.sql)).not.toMatch(/\{\w+:\w+\}/u);
    expect(grafanaSql(LAG_RULE.sql).match(/toUnixTimestamp64Milli\(now64\(3\)\)/gu)).toHaveLength(2);
  });

  it('say what no data and a failing query mean, as the rule does', () => {
    expect(lagging).toMatchObject({ noDataState: 'OK', execErrState: 'Error' });
    expect(silent).toMatchObject({ noDataState: 'Alerting', execErrState: 'Alerting' });
  });

  it('carry labels, runbook, owner, and both halves of the link to their panel', () => {
    expect(lagging).toMatchObject({
      labels: LAG_RULE.labels,
      dashboardUid: 'throughline-pipeline',
      panelId: 5,
      annotations: {
        summary: 'Partition {{ $labels.partition }} of repurchase is {{ printf "%.4g" $values.A.Value }} ms behind',
        runbook_url: 'http://127.0.0.1:7070/runbooks/ConsumerGroupLagging',
        owner: 'growth-analytics',
        __dashboardUid__: 'throughline-pipeline',
        __panelId__: '5',
      },
      notification_settings: { receiver: 'Throughline console' },
    });
  });

  it('leave text as it is where it names no label', () => {
    expect(grafanaTemplate('95 % in {} of {label one}, {}')).toBe('95 % in {} of {label one}, {}');
  });

  it('are left out where a workspace has none', () => {
    expect(buildGrafana({ ...RETAIL, rules: [] }).has(RULES_PATH)).toBe(false);
  });
});

describe('the other files of Grafana’s provisioning', () => {
  const files = buildGrafana({ ...RETAIL, consoleUrl: 'https://throughline.example.org' });
  const parsed = (path: string): unknown => parse(files.get(path) ?? '');

  it('name a data source whose secrets Grafana’s environment has', () => {
    expect(parsed('provisioning/datasources/throughline.yaml')).toMatchObject({
      datasources: [
        {
          uid: 'throughline-clickhouse',
          type: 'grafana-clickhouse-datasource',
          jsonData: { host: '$THROUGHLINE_CLICKHOUSE_HOST', username: '$THROUGHLINE_CLICKHOUSE_USER' },
          secureJsonData: { password: '$THROUGHLINE_CLICKHOUSE_PASSWORD' },
        },
      ],
    });
  });

  it('send what fires to the console', () => {
    expect(parsed('provisioning/alerting/throughline-contact-points.yaml')).toMatchObject({
      contactPoints: [
        {
          name: 'Throughline console',
          receivers: [{ type: 'webhook', settings: { url: 'https://throughline.example.org/api/alerts' } }],
        },
      ],
    });
  });

  it('let nobody edit the boards in Grafana', () => {
    expect(parsed('provisioning/dashboards/throughline.yaml')).toMatchObject({
      providers: [{ folder: 'Throughline', type: 'file', allowUiUpdates: false }],
    });
  });

  it('lead to that console from every board', () => {
    const boards = [...files].filter(([path]) => path.startsWith('dashboards/'));
    expect(boards.filter(([, text]) => !text.includes('"query": "https://throughline.example.org"'))).toEqual([]);
    expect(boards.filter(([, text]) => text.includes('127.0.0.1'))).toEqual([]);
  });
});
