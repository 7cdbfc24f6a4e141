import { type AlertName, BOARDS } from '#core';
import type { RulePipeline } from '../alerts/rule-input.ts';
import type { SloFile } from '../config.ts';
import type { ClockWindow } from '../sql-text.ts';
import type { BurnRateRow } from './burn-rates.ts';

/** What a statement of an SLI is made for. */
export interface SliQuestion {
  readonly pipeline: RulePipeline;
  readonly slo: SloFile;
  readonly scale: number;
  readonly window: ClockWindow;
}

/** What is counted for an SLO: one kind of event, and which of them are bad. */
export interface Sli {
  readonly name: SloFile['sli'];
  readonly alert: AlertName;
  /** Whom it wakes: what cannot be mended in an hour is for working hours. */
  readonly severities: readonly BurnRateRow['severity'][];
  /** What an event is, plural, as in a sentence: `decisions were slower than their budget`. */
  readonly bad: string;
  readonly panel: (typeof PANELS)[keyof typeof PANELS];
  /** A statement with rows of at (DateTime64(3, 'UTC'), processing clock, within the window), bad and total (UInt64). */
  readonly events: (question: SliQuestion) => string;
  /** As AlertRule.exemplarSql; `lookBackMs` before {sinceMs:Int64} counts too. */
  readonly exemplars?: (question: Omit<SliQuestion, 'window'>, lookBackMs: number) => string;
}

const { pipeline, contract, model } = BOARDS;

/** Where each SLI is shown. */
export const PANELS = {
  latency: { dashboardUid: pipeline.uid, panelId: pipeline.panels.latency },
  freshness: { dashboardUid: pipeline.uid, panelId: pipeline.panels.freshness },
  contract: { dashboardUid: contract.uid, panelId: contract.panels.validity },
  outcomes: { dashboardUid: pipeline.uid, panelId: pipeline.panels.outcomes },
  retraining: { dashboardUid: model.uid, panelId: model.panels.retraining },
} as const;
