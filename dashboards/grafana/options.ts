import type { AlertRule, StageName } from '#core';

/** Latency that a pipeline may take, ms. */
export interface GrafanaGoal {
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface GrafanaPipeline {
  readonly name: string;
  readonly owner: string;
  readonly latencyBudget: { readonly total: GrafanaGoal; readonly stages: Readonly<Record<StageName, GrafanaGoal>> };
}

/** Something with the team that answers for it. */
export interface GrafanaOwned {
  readonly name: string;
  readonly owner: string;
}

/** What Grafana's files are made from: the objects of a workspace, and the rules of its alerts. */
export interface GrafanaOptions {
  readonly workspace: string;
  readonly pipelines: readonly GrafanaPipeline[];
  readonly models: readonly GrafanaOwned[];
  /** By subject. */
  readonly contracts: readonly GrafanaOwned[];
  /** Without any, no file of alert rules is made. */
  readonly rules: readonly AlertRule[];
  /** Where people's browsers, and Grafana's server, find the console; without a slash at the end. Default: http://127.0.0.1:7070. */
  readonly consoleUrl?: string;
}

export const DEFAULT_CONSOLE_URL = 'http://127.0.0.1:7070';
