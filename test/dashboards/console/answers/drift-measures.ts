import type { DriftMeasure } from '#core';
import { windowAt } from './drift-weeks.ts';
import { fraction } from './parts.ts';

const LIMITS = { psi: 0.2, ks: 0.15, null_rate: 0.1, new_category: 0.05, loss: 0.03 } as const;

/** PSI of a feature in a week: December is no good reference for what looks back; later references are; what changes stands out. */
export function psiOf(name: string, index: number): number {
  const noise = 0.02 + 0.07 * fraction(`${name} ${index}`);
  const moved = MOVES.find(({ from, to, test }) => index >= from && index <= to && test.test(name));
  if (moved !== undefined) return moved.psi(index) + noise;
  return index > 30 ? noise * 1.5 : noise;
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly test: RegExp;
  readonly psi: (index: number) => number;
}

const MOVES: readonly Move[] = [
  { from: 0, to: 6, test: /days_since_purchase/u, psi: (index) => 1.91 - 0.2 * index },
  { from: 0, to: 6, test: /_history.*_60d/u, psi: (index) => 0.45 - 0.05 * index },
  { from: 36, to: 38, test: /unit_price|latest_purchase\.amount/u, psi: () => 0.62 },
  { from: 42, to: 44, test: /latest_purchase\.units/u, psi: () => 0.21 },
  { from: 21, to: 21, test: /lines_7d/u, psi: () => 0.19 },
];

interface Held {
  readonly method: DriftMeasure['method'];
  readonly value: number;
  readonly threshold: number | null;
  readonly rows: number;
  readonly pValue?: number | null;
  readonly referenceValue?: number | null;
  readonly isBreach?: boolean;
  readonly isAlarm?: boolean;
}

const measured = (held: Held): DriftMeasure => ({
  status: 'ok',
  reason: '',
  referenceValue: null,
  pValue: null,
  isBreach: false,
  isAlarm: false,
  ...held,
});

const missing = (method: DriftMeasure['method'], reason: string): DriftMeasure => ({
  method,
  status: 'not_computable',
  reason,
  value: null,
  referenceValue: null,
  pValue: null,
  threshold: null,
  rows: 12,
  isBreach: false,
  isAlarm: false,
});

export function featureCell(name: string, index: number): DriftMeasure[] | null {
  if (name === 'cancellations.cancelled_amount_60d' && index < 4) return null;
  const isRare = name.startsWith('cancellations.');
  if (isRare && index % 5 === 1) {
    const reason = '12 values in the window; at least 100 are asked for';
    return [missing('psi', reason), missing('ks', reason), shareMissing(name, index)];
  }
  return [...shapes(name, index), shareMissing(name, index), ...categories(name, index)];
}

function shapes(name: string, index: number): DriftMeasure[] {
  const rows = windowAt(index).decisions;
  const psi = psiOf(name, index);
  const ks = Math.min(psi * 0.32 + 0.015, 0.6);
  const isOver = psi > LIMITS.psi;
  const isAlarm = isOver && psiOf(name, index - 1) > LIMITS.psi;
  const isKsOver = ks > LIMITS.ks;
  const pValue = isKsOver ? 2.4e-9 : 0.08 + 0.5 * fraction(`p ${name} ${index}`);
  return [
    measured({ method: 'psi', value: psi, threshold: LIMITS.psi, rows, isBreach: isOver, isAlarm }),
    measured({ method: 'ks', value: ks, threshold: LIMITS.ks, rows, pValue, isBreach: isKsOver, isAlarm: isKsOver && isAlarm }),
  ];
}

function shareMissing(name: string, index: number): DriftMeasure {
  const value = (name.startsWith('cancellations.') ? 0.06 : 0.01) * fraction(`null ${name} ${index}`);
  const { decisions: rows } = windowAt(index);
  return measured({ method: 'null_rate', value, threshold: LIMITS.null_rate, rows, pValue: 0.3 });
}

function categories(name: string, index: number): DriftMeasure[] {
  if (!name.endsWith('purchases_7d')) return [];
  const isBreach = index === 40;
  const { decisions: rows } = windowAt(index);
  return [measured({ method: 'new_category', value: isBreach ? 0.06 : 0.004, threshold: LIMITS.new_category, rows, isBreach })];
}

export function scoreCell(index: number): DriftMeasure[] {
  const rows = windowAt(index).decisions;
  const isShifted = (index >= 36 && index <= 38) || index >= 42;
  const ks = isShifted ? 0.19 : 0.03 + 0.06 * fraction(`score ${index}`);
  const psi = isShifted ? 0.17 : 0.02 + 0.05 * fraction(`score psi ${index}`);
  const isAlarm = isShifted && index !== 36 && index !== 42;
  return [
    measured({ method: 'psi', value: psi, threshold: LIMITS.psi, rows }),
    measured({
      method: 'ks',
      value: ks,
      threshold: LIMITS.ks,
      rows,
      pValue: isShifted ? 3.1e-7 : 0.21,
      isBreach: isShifted,
      isAlarm,
    }),
  ];
}

const RISING = [0.561, 0.572, 0.589, 0.604, 0.612, 0.618, 0.609, 0.601, 0.58];

export function outcomeCell(index: number): DriftMeasure[] | null {
  if (index === 0) return null;
  if (index < 4) {
    const reason = `${60 * index} outcomes have matured in the last 28 days; at least 200 are asked for`;
    return [missing('log_loss', reason), missing('auc', reason)];
  }
  const rows = 420 + Math.round(200 * fraction(`outcomes ${index}`));
  const reference = index < 6 ? 0.571 : 0.548;
  const value = index >= 33 ? (RISING[index - 33] ?? 0.556) : 0.535 + 0.03 * fraction(`loss ${index}`);
  const isBreach = value > reference + LIMITS.loss;
  return [
    measured({
      method: 'log_loss',
      value,
      referenceValue: reference,
      threshold: LIMITS.loss,
      rows,
      pValue: isBreach ? 0.0004 : 0.4,
      isBreach,
      isAlarm: isBreach && index > 35,
    }),
    measured({ method: 'auc', value: 0.79 - (value - 0.54) / 2, referenceValue: 0.781, threshold: null, rows }),
    measured({ method: 'accuracy', value: 0.74 - (value - 0.54) / 3, referenceValue: 0.738, threshold: null, rows }),
    measured({
      method: 'calibration_error',
      value: 0.02 + Math.max(0, value - 0.55),
      referenceValue: 0.021,
      threshold: null,
      rows,
    }),
  ];
}
