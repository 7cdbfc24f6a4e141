import { stringify } from 'yaml';
import type { AlertRule } from '#core';

export interface PrometheusOptions {
  /** Where people find the console, for links; without a slash at its end. */
  readonly consoleUrl?: string;
  /** How long a rule is not over its threshold any more before it is resolved, at least, ms. Default: two rounds of the embedded evaluator. */
  readonly keepMs?: number;
}

const HEADER = `# Made by 'throughline dashboards build'; change the workspace, not this file.
# Prometheus 2.42 or newer (keep_firing_for). It scrapes GET /metrics of Throughline.
`;
const KEEP_MS = 30_000;
const PLACE = /\{([A-Za-z_][A-Za-z0-9_]*)\}/gu;

/** The rules as a file of Prometheus' rule_files, a group for each pipeline. The same rules make the same bytes. */
export function prometheusRules(rules: readonly AlertRule[], options: PrometheusOptions = {}): string {
  const pipelines = [...new Set(rules.map(({ pipeline }) => pipeline))];
  const groups = pipelines.map((pipeline) => ({
    name: `throughline-${pipeline}`,
    rules: rules.filter((rule) => rule.pipeline === pipeline).map((rule) => ruleOf(rule, options)),
  }));
  return `${HEADER}${stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function ruleOf(rule: AlertRule, { consoleUrl, keepMs = KEEP_MS }: PrometheusOptions): object {
  return {
    alert: rule.alert,
    expr: rule.promql,
    ...(rule.forMs > 0 ? { for: durationText(rule.forMs) } : {}),
    keep_firing_for: durationText(Math.max(keepMs, rule.forMs)),
    labels: { ...rule.labels },
    annotations: {
      summary: templateOf(rule.summary, rule),
      description: templateOf(rule.description, rule),
      ...(consoleUrl === undefined ? {} : { runbook_url: `${consoleUrl}/runbooks/${rule.alert}` }),
      owner: rule.owner,
      __dashboardUid__: rule.panel.dashboardUid,
      __panelId__: String(rule.panel.panelId),
    },
  };
}

/**
 * `{value}` and the labels of a series as Prometheus' templates have them; the labels that all series have, which its templates do not
 * know, as they are.
 */
function templateOf(text: string, { alert, labels, labelColumns }: AlertRule): string {
  const fixed: Readonly<Record<string, string>> = { alertname: alert, ...labels };
  return text.replaceAll('{{', '{{ "{{" }}').replaceAll(PLACE, (place, name: string) => {
    if (name === 'value') return '{{ printf "%.4g" $value }}';
    return labelColumns.includes(name) ? `{{ $labels.${name} }}` : (fixed[name] ?? place);
  });
}

/** In the largest unit that has no rest. */
function durationText(ms: number): string {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const unit = units.find(([, unitMs]) => ms % unitMs === 0);
  return unit === undefined ? `${Math.round(ms)}ms` : `${ms / unit[1]}${unit[0]}`;
}
