import { describe, expect, it } from 'vitest';
import { type AlertRule, BOARDS } from '#core';
import type { RuleState } from '#runbooks';
import { metricsText } from '../../../app/views/metrics-text.ts';

const RULE: AlertRule = {
  id: 'lag',
  alert: 'ConsumerGroupLagging',
  severity: 'page',
  pipeline: 'made',
  owner: 'growth',
  labels: { severity: 'page' },
  labelColumns: ['source'],
  summary: '',
  description: '',
  sql: '',
  threshold: 1,
  forMs: 0,
  noData: 'ok',
  promql: '',
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: 1 },
};

const stateOf = (values: RuleState['values']): RuleState => ({
  rule: RULE,
  evaluatedAtMs: 0,
  problem: null,
  value: null,
  values,
  series: [],
});

describe('metricsText', () => {
  it('writes counters and gauges, with what would end a label escaped', () => {
    const labels = { alertname: 'ConsumerGroupLagging', source: 'a\\b"c\nd', severity: 'page' };
    const count = { slo: 'fast', pipeline: 'made', events: 1e21, bad: 0.5 };
    expect(metricsText([count], [stateOf([{ labels, value: -2.5 }])])).toBe(
      `# HELP throughline_slo_events_total Events that count for the SLO, since this process began.
# TYPE throughline_slo_events_total counter
throughline_slo_events_total{pipeline="made",slo="fast"} 1e+21
# HELP throughline_slo_bad_events_total Those of them that were bad.
# TYPE throughline_slo_bad_events_total counter
throughline_slo_bad_events_total{pipeline="made",slo="fast"} 0.5
# HELP throughline_alert_value What the alert rule measured last; it fires over its threshold.
# TYPE throughline_alert_value gauge
throughline_alert_value{alert="ConsumerGroupLagging",rule="lag",severity="page",source="a\\\\b\\"c\\nd"} -2.5
`,
    );
  });

  it('tells no more than 1000 series, and how many there are besides', () => {
    const values = Array.from({ length: 1200 }, (_, index) => ({ labels: { source: String(index) }, value: index }));
    const counts = [{ slo: 'fast', pipeline: 'made', events: 1, bad: 0 }];
    const lines = metricsText(counts, [stateOf(values)])
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => !line.startsWith('#'))).toHaveLength(1000);
    expect(lines.at(-1)).toBe('# 202 series are left out: no more than 1000 are told');
  });
});
