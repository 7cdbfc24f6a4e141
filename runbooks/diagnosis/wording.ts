/** How figures and times are told. */

/** Time of day in UTC: 09:14:05. */
export function timeOfDay(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** 0.031 → 3.1 %; whole numbers from 10 % on. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 || value === 0 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

/** Three digits that count. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** 0.4 ms, 35 ms, 2.4 s. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${figure(ms / 1000)} s`;
  return `${figure(ms)} ms`;
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}

/** a, b and c. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
