/** Entry of a vector or row-major matrix; NaN beyond its ends, so that a wrong index shows in the result. */
export function entry(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/** target[index] += amount. */
export function addTo(target: Float64Array, index: number, amount: number): void {
  target[index] = entry(target, index) + amount;
}

/** Largest magnitude; 0 of an empty vector. */
export function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (let index = 0; index < values.length; index++) largest = Math.max(largest, Math.abs(entry(values, index)));
  return largest;
}
