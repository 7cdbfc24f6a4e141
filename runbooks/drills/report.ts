import type { DrillPlan, FaultName } from './faults.ts';
import type { DrillScore, ScoredHypothesis } from './scoring.ts';

/** An alert that fired in a run. */
export interface DrillAlert {
  readonly alert: string;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  /** After the fault began, seconds; negative: before it. */
  readonly afterS: number;
}

export interface DrillRun extends DrillScore {
  readonly fault: FaultName;
  readonly seed: number;
  /** Whether the fault moved its signal, as measured without the alerts. */
  readonly counted: boolean;
  /** What was measured for that, in a sentence. */
  readonly signal: string;
  /** From the fault's begin to the first alert; null where none fired. */
  readonly detectedS: number | null;
  /** From that alert to its first hypothesis; null where there was none in time. */
  readonly hypothesisS: number | null;
  readonly hypotheses: readonly ScoredHypothesis[];
  /** Alerts (page or ticket) that fired with nothing wrong. */
  readonly falseAlarms: number;
  /** Of these, pages. */
  readonly falsePages: number;
  readonly alerts: readonly DrillAlert[];
  readonly plan: DrillPlan;
}

export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

export interface DrillSummary {
  readonly runs: number;
  readonly counted: number;
  /** Shares of the counted runs. */
  readonly top1Share: number | null;
  readonly top3Share: number | null;
  readonly confidentWrongShare: number | null;
  readonly detectedS: Spread | null;
  readonly hypothesisS: Spread | null;
  readonly falseAlarms: number;
  readonly falsePages: number;
}

export interface DrillReport {
  readonly runs: readonly DrillRun[];
  readonly byFault: Readonly<Record<string, DrillSummary>>;
  /** Over the faults that are one: F0 has a line of its own. */
  readonly total: DrillSummary;
}

/** Runs by fault, and together. */
export function reportDrills(runs: readonly DrillRun[]): DrillReport {
  const names = [...new Set(runs.map(({ fault }) => fault))];
  const byFault = Object.fromEntries(names.map((name) => [name, summarise(runs.filter(({ fault }) => fault === name))]));
  return { runs, byFault, total: summarise(runs.filter(({ fault }) => fault !== 'F0')) };
}

function summarise(runs: readonly DrillRun[]): DrillSummary {
  const counted = runs.filter((run) => run.counted);
  const share = (isSo: (run: DrillRun) => boolean): number | null =>
    counted.length === 0 ? null : counted.filter(isSo).length / counted.length;
  return {
    runs: runs.length,
    counted: counted.length,
    top1Share: share(({ top1 }) => top1),
    top3Share: share(({ top3 }) => top3),
    confidentWrongShare: share(({ confidentWrong }) => confidentWrong),
    detectedS: spreadOf(counted.map(({ detectedS }) => detectedS)),
    hypothesisS: spreadOf(counted.map(({ hypothesisS }) => hypothesisS)),
    falseAlarms: runs.reduce((sum, run) => sum + run.falseAlarms, 0),
    falsePages: runs.reduce((sum, run) => sum + run.falsePages, 0),
  };
}

/** Nearest ranks of what there is. */
function spreadOf(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? null : { median: at(0.5), p90: at(0.9), max: at(1) };
}
