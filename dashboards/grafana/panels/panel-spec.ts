import type { AlertName } from '#core';

/** Where a panel stands, in Grafana's grid of 24 columns. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface ThresholdStep {
  /** null: from minus infinity on. */
  readonly value: number | null;
  readonly color: string;
}

/** A property of a column that differs from the panel's. */
export interface Override {
  /** Name of the column. */
  readonly column: string;
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface ValueWord {
  readonly text: string;
  readonly color: string;
}

/**
 * A panel as we write it. `lines`, `bars` (stacked), `areas` (stacked) and `states` need a column `time`; of a long result every
 * label becomes a series, called as `legend` says.
 */
export interface PanelSpec {
  /** Never changes: links and alerts point at it. */
  readonly id: number;
  readonly kind: 'lines' | 'bars' | 'areas' | 'states' | 'stat' | 'table';
  readonly title: string;
  readonly description: string;
  /** The runbook of this alert helps with what the panel shows. */
  readonly runbook: AlertName;
  readonly unit: string;
  readonly sql: string;
  readonly place: Place;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: readonly ThresholdStep[];
  /** Draws the thresholds as lines. */
  readonly drawsThresholds?: boolean;
  readonly isLogarithmic?: boolean;
  /** Of a long result, such as `partition ${__field.labels.partition}`. */
  readonly legend?: string;
  readonly legendCalcs?: readonly string[];
  /** How values read, by number; of `states`, `stat` and `table`. */
  readonly valueWords?: Readonly<Record<string, ValueWord>>;
  readonly overrides?: readonly Override[];
  /** What stands there without data. */
  readonly noValue?: string;
  /** Of a stat: text columns count as well, and are shown as they are. */
  readonly showsText?: boolean;
}
