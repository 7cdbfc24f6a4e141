import { useSearchParams } from 'wouter';
import type { DriftAnswer } from '#core';

/** The open cell of the heat map, which is in the URL (?target=&to=). */
export interface CellState {
  /** Index among the targets; undefined where none is open. */
  readonly row: number | undefined;
  /** Index among the windows. */
  readonly column: number | undefined;
  readonly open: (row: number, column: number) => void;
  readonly close: () => void;
}

/** The window that an address means: the one that ends then, or else the newest that ends before. */
export function columnOf(windows: DriftAnswer['windows'], to: string | null): number | undefined {
  if (to === null || Number.isNaN(Date.parse(to))) return undefined;
  const found = windows.findLastIndex((window) => Date.parse(window.to) <= Date.parse(to));
  return found < 0 ? undefined : found;
}

export function useCell({ windows, targets }: DriftAnswer): CellState {
  const [parameters, setParameters] = useSearchParams();
  const target = parameters.get('target');
  const found = targets.findIndex((candidate) => candidate.target === target);
  const row = found < 0 ? undefined : found;
  const column = row === undefined ? undefined : (columnOf(windows, parameters.get('to')) ?? windows.length - 1);
  const set = (change: Readonly<Record<'target' | 'to', string | undefined>>): void => {
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value === undefined) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  };
  return {
    row,
    column,
    open: (nextRow, nextColumn) => set({ target: targets[nextRow]?.target, to: windows[nextColumn]?.to }),
    close: () => set({ target: undefined, to: undefined }),
  };
}
