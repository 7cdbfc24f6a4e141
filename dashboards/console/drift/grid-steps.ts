/** A cell of a grid. */
export type Place = readonly [row: number, column: number];

const MOVES: Readonly<Record<string, Place>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Where a key leads in a grid of so many rows and columns; undefined for keys that lead nowhere. */
export function stepped(
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  [row, column]: Place,
  [rows, columns]: readonly [rows: number, columns: number],
): Place | undefined {
  const held = (value: number, count: number): number => Math.min(Math.max(value, 0), count - 1);
  const move = MOVES[key];
  if (move !== undefined) return [held(row + move[0], rows), held(column + move[1], columns)];
  if (key === 'Home') return [ctrlKey ? 0 : row, 0];
  if (key === 'End') return [ctrlKey ? rows - 1 : row, columns - 1];
  return undefined;
}
