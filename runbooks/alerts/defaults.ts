import { CAUSE_CATALOG } from './cause-catalog.ts';

/** What holds for an alert where its file says nothing. */
export interface AlertDefaults {
  readonly alert: string;
  /** What its value is, a sentence. */
  readonly measures: string;
  readonly threshold: number;
  readonly unit: string;
  /** As files write durations; undefined where the alert has none. */
  readonly window: string | undefined;
  readonly for: string | undefined;
  readonly labels: readonly string[];
  /** Keys of a file that the alert does not know. */
  readonly unknown: readonly ('threshold' | 'window' | 'for')[];
  /** The only severity that it may have. */
  readonly severity: string | undefined;
}

/** Of every alert that a file may write, in the order of the catalog. */
export function alertDefaults(): readonly AlertDefaults[] {
  return CAUSE_CATALOG.map((cause) => ({
    alert: cause.alert,
    measures: cause.measures,
    threshold: cause.threshold.value,
    unit: cause.threshold.unit,
    window: cause.window?.written,
    for: cause.for?.written,
    labels: cause.labelColumns,
    unknown: [
      ...(cause.threshold.isFixed === true ? (['threshold'] as const) : []),
      ...(cause.window === undefined ? (['window'] as const) : []),
      ...(cause.severity === 'none' ? (['for'] as const) : []),
    ],
    severity: cause.severity,
  }));
}
