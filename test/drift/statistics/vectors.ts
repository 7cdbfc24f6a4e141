import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../data/vectors');
const WORDS: Readonly<Record<string, number>> = {
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  NaN: Number.NaN,
};

/** A pair of samples, with what another tool says of them by method. */
export interface Vector<Expected> {
  readonly name: string;
  readonly reference: readonly (number | string | null)[];
  readonly current: readonly (number | string | null)[];
  readonly expected: Expected;
}

interface VectorFile {
  readonly name: string;
  readonly kind: 'num' | 'cat' | 'multiple_testing';
  readonly source_data: Readonly<Record<string, readonly (number | string | null)[]>>;
  readonly cases: readonly { readonly name: string; readonly method: string; readonly expected: unknown }[];
}

/** All vectors of a method; JSON has no infinities, so numeric files have words for them. */
export function vectorsOf<Expected>(method: string): readonly Vector<Expected>[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const { kind, source_data: data, cases } = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as VectorFile;
    const column = (name: string) =>
      (data[name] ?? []).map((value) => (kind === 'num' && typeof value === 'string' ? (WORDS[value] ?? null) : value));
    return cases
      .filter((one) => one.method === method)
      .map(({ name, expected }) => ({
        name,
        reference: column('reference'),
        current: column('current'),
        expected: expected as Expected,
      }));
  });
}

/** The p-values of the set, and what is made of them. */
export function multipleTestingVectors(): readonly {
  readonly name: string;
  readonly pValues: readonly number[];
  readonly adjusted: readonly number[];
}[] {
  const text = readFileSync(path.join(FOLDER, 'multiple_testing.json'), 'utf8');
  const { source_data: data, cases } = JSON.parse(text) as VectorFile;
  return cases.map(({ name, expected }) => ({
    name,
    pValues: (data['p_values'] ?? []).map(Number),
    adjusted: (expected as { readonly p_adjusted: readonly number[] }).p_adjusted,
  }));
}

/** Relative difference of a figure from the expected one; 0 where both are under `floor`. */
export function relativeDifference(value: number, expected: number, floor = 0): number {
  if (value === expected || (Math.abs(value) <= floor && Math.abs(expected) <= floor)) return 0;
  return Math.abs(value - expected) / Math.abs(expected);
}
