import { METRICS } from '#core';
import type { RuleState, SloCount } from '#runbooks';

type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly series: readonly { readonly labels: Labels; readonly value: number }[];
}

const MAX_SERIES = 1000;

/** Prometheus' text format, version 0.0.4: at most 1000 series, the counters first; what is left out is counted in a comment. */
export function metricsText(counts: readonly SloCount[], rules: readonly RuleState[]): string {
  let room = MAX_SERIES;
  let leftOut = 0;
  const lines = familiesOf(counts, rules).flatMap(({ name, type, help, series }) => {
    const shown = series.slice(0, room);
    room -= shown.length;
    leftOut += series.length - shown.length;
    const samples = shown.map(({ labels, value }) => `${name}${labelsText(labels)} ${numberText(value)}`);
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
  });
  const note = leftOut === 0 ? [] : [`# ${leftOut} series are left out: no more than ${MAX_SERIES} are told`];
  return `${[...lines, ...note].join('\n')}\n`;
}

function familiesOf(counts: readonly SloCount[], rules: readonly RuleState[]): readonly Family[] {
  const sloLabels = ({ slo, pipeline }: SloCount): Labels => ({ slo, pipeline });
  return [
    {
      name: METRICS.sloEvents,
      type: 'counter',
      help: 'Events that count for the SLO, since this process began.',
      series: counts.map((count) => ({ labels: sloLabels(count), value: count.events })),
    },
    {
      name: METRICS.sloBadEvents,
      type: 'counter',
      help: 'Those of them that were bad.',
      series: counts.map((count) => ({ labels: sloLabels(count), value: count.bad })),
    },
    {
      name: METRICS.alertValue,
      type: 'gauge',
      help: 'What the alert rule measured last; it fires over its threshold.',
      series: rules.flatMap(({ rule, values }) =>
        values.map(({ labels: { alertname = rule.alert, ...labels }, value }) => ({
          labels: { ...labels, alert: alertname, rule: rule.id },
          value,
        })),
      ),
    },
  ];
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

/** Backslash, quote and line feed, as the format asks. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
