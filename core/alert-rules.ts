import type { EpochMs } from './clock.ts';

/** page: somebody is woken; ticket: somebody looks in working hours; none: it is not about a failure (Watchdog). */
export const SEVERITIES = ['page', 'ticket', 'none'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every alert has the runbook of its name. */
export const ALERTS = [
  'LatencyBudgetBurn',
  'FreshnessBudgetBurn',
  'ContractBudgetBurn',
  'OutcomeBudgetBurn',
  'RetrainingBudgetBurn',
  'PipelineSilent',
  'ConsumerGroupEmpty',
  'ConsumerGroupLagging',
  'EventStuck',
  'QuarantineGrowing',
  'FieldMeaningChanged',
  'FeatureViewStale',
  'FeatureValuesMissing',
  'CandidateGap',
  'OutcomesNotJoined',
  'Watchdog',
] as const;
export type AlertName = (typeof ALERTS)[number];

/**
 * One definition of a rule: what the embedded evaluator evaluates, and what Grafana's and Prometheus' rules are generated from.
 * Its statement answers a row for each series: the columns of `labelColumns` (String) and `value` (Float64). A series fires where
 * value > threshold for `forMs`.
 */
export interface AlertRule {
  /** Unique, stable: lower-case letters, digits and -, at most 40 characters (Grafana's uid). */
  readonly id: string;
  readonly alert: AlertName;
  readonly severity: Severity;
  readonly pipeline: string;
  /** The team that answers for it. */
  readonly owner: string;
  readonly slo?: string;
  /** Labels of every series, without alertname: severity, pipeline, team, slo where it has one. */
  readonly labels: Readonly<Record<string, string>>;
  readonly labelColumns: readonly string[];
  /** With `{label}` for a label and `{value}` for the value. */
  readonly summary: string;
  readonly description: string;
  /** ClickHouse; everything is inlined but the one parameter {nowMs:Int64}. */
  readonly sql: string;
  /**
   * Journeys that show it, at most 5 rows: source, event_id, note (String). Parameters: {nowMs:Int64}, {sinceMs:Int64}, and
   * {label_<name>:String} for each label column. undefined where no event can show it.
   */
  readonly exemplarSql?: string;
  readonly threshold: number;
  readonly forMs: number;
  /** Without any row: `firing` where silence is the failure. */
  readonly noData: 'firing' | 'ok';
  /** The same over METRICS, with the comparison. */
  readonly promql: string;
  /** The panel that shows it. */
  readonly panel: { readonly dashboardUid: string; readonly panelId: number };
}

/** An alert as it fires or is resolved: ours, or one that came in. Identified by fingerprint and start. */
export interface FiredAlert {
  /** 16 hex digits: FNV-1a over the sorted labels, as Alertmanager computes it. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly startsAtMs: EpochMs;
  readonly endsAtMs: EpochMs | null;
  /** With alertname. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number | null;
  /** Who raised it. */
  readonly origin: 'throughline' | 'alertmanager' | 'grafana';
}

/** The boards' uids and the panels that alerts point at: ids are part of links, and never change. */
export const BOARDS = {
  overview: { uid: 'throughline-overview', panels: { pipelines: 1, alerts: 2 } },
  pipeline: {
    uid: 'throughline-pipeline',
    panels: { rate: 1, errors: 2, latency: 3, stages: 4, lag: 5, failures: 6, freshness: 7, outcomes: 8, silence: 9 },
  },
  model: { uid: 'throughline-model', panels: { versions: 1, scores: 2, quality: 3, drift: 4, candidate: 5, retraining: 6 } },
  contract: { uid: 'throughline-contract', panels: { validity: 1, quarantined: 2, reasons: 3, fields: 4 } },
} as const;
