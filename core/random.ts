/** A stream of pseudo-random numbers in [0, 1): the same seed, the same stream, on every machine. */
export type Random = () => number;

const MASK = 0xff_ff_ff_ff;

/** Spreads a seed over the state (Steele, Lea & Flood 2014, SplitMix, 32 bit). */
function splitMix(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e_37_79_b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21_f0_aa_ad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x73_5a_2d_97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

const rotate = (word: number, bits: number): number => ((word << bits) | (word >>> (32 - bits))) & MASK;

/** xoshiro128++ 1.0 (Blackman & Vigna 2019) from a whole number: not for secrets. */
export function createRandom(seed: number): Random {
  const next = splitMix(seed);
  let [a, b, c, d] = [next(), next(), next(), next()];
  return () => {
    const result = (rotate((a + d) & MASK, 7) + a) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
}
