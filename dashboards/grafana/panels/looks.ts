import type { Override, ThresholdStep } from './panel-spec.ts';

/** Colours by meaning, as Grafana names them: they follow its theme. */
export const COLORS = {
  good: 'green',
  warning: 'orange',
  bad: 'red',
  quiet: 'text',
  neutral: 'blue',
  low: 'super-light-blue',
  middle: 'light-blue',
  high: 'dark-blue',
  pending: 'purple',
  feature: 'semi-dark-green',
  late: 'yellow',
  budgetP95: 'semi-dark-orange',
  budgetP99: 'semi-dark-red',
} as const;

/** Good below the first limit, bad from the second on. */
export function rising(warning: number, bad: number): readonly ThresholdStep[] {
  return [
    { value: null, color: COLORS.good },
    { value: warning, color: COLORS.warning },
    { value: bad, color: COLORS.bad },
  ];
}

/** Bad below the first limit, good from the second on. */
export function falling(bad: number, good: number): readonly ThresholdStep[] {
  return [
    { value: null, color: COLORS.bad },
    { value: bad, color: COLORS.warning },
    { value: good, color: COLORS.good },
  ];
}

/** One colour, whatever the value. */
export function plain(color: string): readonly ThresholdStep[] {
  return [{ value: null, color }];
}

const fixed = (color: string) => ({ id: 'color', value: { mode: 'fixed', fixedColor: color } });

/** A column in a colour of its own. */
export function colored(column: string, color: string): Override {
  return { column, properties: [fixed(color)] };
}

/** A limit: a dashed line that no area fills and that stacks on nothing. */
export function limitLine(column: string, color: string): Override {
  return {
    column,
    properties: [
      fixed(color),
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
      { id: 'custom.lineWidth', value: 1 },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: 'none', group: 'limits' } },
    ],
  };
}

/** A column with a unit of its own. */
export function unitOf(column: string, unit: string, decimals?: number): Override {
  return {
    column,
    properties: [{ id: 'unit', value: unit }, ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }])],
  };
}

/** A cell whose ground shows where the value stands. */
export function gradedCell(column: string, unit: string, steps: readonly ThresholdStep[]): Override {
  return {
    column,
    properties: [
      { id: 'unit', value: unit },
      { id: 'thresholds', value: { mode: 'absolute', steps: [...steps] } },
      { id: 'color', value: { mode: 'thresholds' } },
      { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
    ],
  };
}

export function widthOf(column: string, width: number): Override {
  return { column, properties: [{ id: 'custom.width', value: width }] };
}
