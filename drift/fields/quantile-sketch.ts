/** Buckets of one sign, ascending by key. */
export interface SketchBuckets {
  readonly keys: readonly number[];
  readonly counts: readonly number[];
}

/** What a sketch holds, as it is written into a FieldProfileRecord. */
export interface SketchParts {
  readonly values: number;
  readonly sum: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly accuracy: number;
  readonly zeros: number;
  readonly positive: SketchBuckets;
  readonly negative: SketchBuckets;
}

/** Relative accuracy of all field profiles: only sketches of one accuracy can be added up. */
export const FIELD_ACCURACY = 0.01;
/** Buckets of a sign: with 1 % they span 17 powers of ten. */
const MAX_BUCKETS = 2048;
/** Smaller magnitudes are counted as zero: below, doubles lose their relative precision themselves. */
const MIN_MAGNITUDE = 2 ** -1022;

/** γ of DDSketch: each bucket's upper bound over its lower one. */
export function gammaOf(accuracy: number): number {
  return (1 + accuracy) / (1 - accuracy);
}

/**
 * Counts of numbers in buckets that grow by a factor: any quantile is known within a relative accuracy, whatever the distribution, and
 * the sum of two sketches is the sketch of all their numbers. DDSketch: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable
 * quantile sketch with relative-error guarantees", PVLDB 12(12), 2019. A sign has at most 2,048 buckets; where values span
 * more, those nearest to zero share one, and the guarantee holds for the other quantiles (section 2.2 there).
 */
export class QuantileSketch {
  readonly accuracy: number;
  readonly #gamma: number;
  readonly #perLog: number;
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();
  #zeros = 0;
  #values = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** `accuracy` is relative, between 0 and 1. */
  constructor(accuracy: number = FIELD_ACCURACY) {
    this.accuracy = accuracy;
    this.#gamma = gammaOf(accuracy);
    this.#perLog = 1 / Math.log(this.#gamma);
  }

  /** How many numbers it holds. */
  get values(): number {
    return this.#values;
  }

  /** Takes a finite number. */
  add(value: number): void {
    this.#values += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const magnitude = Math.abs(value);
    if (magnitude < MIN_MAGNITUDE) this.#zeros += 1;
    else count(value > 0 ? this.#positive : this.#negative, Math.ceil(Math.log(magnitude) * this.#perLog), 1);
  }

  /** Adds what another sketch of the same accuracy holds. */
  merge({ accuracy, values, sum, min, max, zeros, positive, negative }: SketchParts): void {
    if (accuracy !== this.accuracy) throw new RangeError(`sketches of ${this.accuracy} and ${accuracy} have different buckets`);
    this.#values += values;
    this.#sum += sum;
    this.#zeros += zeros;
    this.#min = Math.min(this.#min, min ?? Number.POSITIVE_INFINITY);
    this.#max = Math.max(this.#max, max ?? Number.NEGATIVE_INFINITY);
    for (const [index, key] of positive.keys.entries()) count(this.#positive, key, positive.counts[index] ?? 0);
    for (const [index, key] of negative.keys.entries()) count(this.#negative, key, negative.counts[index] ?? 0);
  }

  /** The value at rank ⌊share · (values − 1)⌋ in ascending order, within the relative accuracy; undefined without values. */
  quantile(share: number): number | undefined {
    if (this.#values === 0) return undefined;
    const rank = Math.floor(share * (this.#values - 1));
    const { positive, negative } = this.parts();
    let below = 0;
    for (let index = negative.keys.length - 1; index >= 0; index--) {
      below += negative.counts[index] ?? 0;
      if (below > rank) return this.#within(-this.#middle(negative.keys[index] ?? 0));
    }
    below += this.#zeros;
    if (below > rank) return 0;
    for (const [index, key] of positive.keys.entries()) {
      below += positive.counts[index] ?? 0;
      if (below > rank) return this.#within(this.#middle(key));
    }
    return this.#max;
  }

  /** What it holds, in the form that is stored. */
  parts(): SketchParts {
    const isEmpty = this.#values === 0;
    return {
      values: this.#values,
      sum: Number.isNaN(this.#sum) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, this.#sum)),
      min: isEmpty ? null : this.#min,
      max: isEmpty ? null : this.#max,
      accuracy: this.accuracy,
      zeros: this.#zeros,
      positive: bucketsOf(this.#positive),
      negative: bucketsOf(this.#negative),
    };
  }

  /** As far from both bounds of the bucket, relative to them: 2γ^key / (γ + 1). */
  #middle(key: number): number {
    return (2 * this.#gamma ** key) / (this.#gamma + 1);
  }

  #within(value: number): number {
    return Math.min(this.#max, Math.max(this.#min, value));
  }
}

function count(buckets: Map<number, number>, key: number, times: number): void {
  buckets.set(key, (buckets.get(key) ?? 0) + times);
  if (buckets.size > MAX_BUCKETS) collapse(buckets);
}

/** The bucket nearest to zero goes into the next. */
function collapse(buckets: Map<number, number>): void {
  let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const key of buckets.keys()) {
    if (key < first) [first, second] = [key, first];
    else if (key < second) second = key;
  }
  buckets.set(second, (buckets.get(second) ?? 0) + (buckets.get(first) ?? 0));
  buckets.delete(first);
}

function bucketsOf(buckets: ReadonlyMap<number, number>): SketchBuckets {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  return { keys: sorted.map(([key]) => key), counts: sorted.map(([, times]) => times) };
}
