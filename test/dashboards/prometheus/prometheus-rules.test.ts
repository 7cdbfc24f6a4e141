import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AlertRule } from '#core';
import { prometheusRules } from '#dashboards';
import { LAG_RULE, SILENT_RULE } from '../grafana/retail-options.ts';

const groupsOf = (rules: readonly AlertRule[], options?: Parameters<typeof prometheusRules>[1]): unknown =>
  (parse(prometheusRules(rules, options)) as { readonly groups: unknown }).groups;

describe('prometheusRules', () => {
  it('makes a group for each pipeline, with the labels of a series where Prometheus puts them', () => {
    const other = { ...SILENT_RULE, pipeline: 'other', forMs: 0 };
    expect(groupsOf([LAG_RULE, other], { consoleUrl: 'https://t.example' })).toEqual([
      {
        name: 'throughline-repurchase',
        rules: [
          {
            alert: 'ConsumerGroupLagging',
            expr: LAG_RULE.promql,
            for: '1m',
            keep_firing_for: '1m',
            labels: LAG_RULE.labels,
            annotations: {
              summary: 'Partition {{ $labels.partition }} of repurchase is {{ printf "%.4g" $value }} ms behind',
              description:
                'The first unread event of partition {{ $labels.partition }} has waited {{ printf "%.4g" $value }} ms.',
              runbook_url: 'https://t.example/runbooks/ConsumerGroupLagging',
              owner: 'growth-analytics',
              __dashboardUid__: 'throughline-pipeline',
              __panelId__: '5',
            },
          },
        ],
      },
      { name: 'throughline-other', rules: [expect.objectContaining({ alert: 'PipelineSilent', keep_firing_for: '30s' })] },
    ]);
  });

  it('writes labels that all series have as they are, braces that are no label as braces, and times without a rest', () => {
    const rule = { ...LAG_RULE, summary: '{pipeline} {{x}} {nothing} {team}', forMs: 1500 };
    expect(groupsOf([rule])).toMatchObject([
      { rules: [{ for: '1500ms', annotations: { summary: 'repurchase {{ "{{" }}x}} {nothing} growth-analytics' } }] },
    ]);
    expect(prometheusRules([rule])).toBe(prometheusRules([rule]));
    expect(prometheusRules([rule])).not.toContain('runbook_url');
  });
});
