import { BOARDS } from '#core';
import type { CauseAlert } from '../cause.ts';

/** Fires always: whoever does not see it knows that no alert would reach them. */
export const WATCHDOG: CauseAlert = {
  alert: 'Watchdog',
  measures: 'Always 1: an alert that fires as long as alerting works.',
  threshold: { value: 0, unit: 'nothing', isFixed: true },
  severity: 'none',
  labelColumns: [],
  summary: (pipeline) => `Alerting for ${pipeline} works: this alert always fires.`,
  panel: { dashboardUid: BOARDS.overview.uid, panelId: BOARDS.overview.panels.alerts },
  sql: () => 'SELECT toFloat64(1) AS value',
};
