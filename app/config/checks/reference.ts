import { findClosest } from '#core';
import type { Problem } from '../problem.ts';
import type { Place, SourceFile } from '../source-file.ts';
import type { DeclaredNames } from '../workspace-parts.ts';

/** `did you mean …?`, or the names there are. */
export function nameHint(name: string, known: Iterable<string>): string {
  const names = [...known].sort();
  const meant = findClosest(name, names);
  if (meant !== undefined) return `did you mean ${meant}?`;
  return names.length === 0 ? 'there are none yet' : `there are ${names.join(', ')}`;
}

/** A reference from a file to a name that must be declared somewhere. */
export interface Reference extends Place {
  readonly source: SourceFile;
  readonly name: string;
  /** What the name should be, such as `a contract (contracts/*.yaml)`. */
  readonly what: string;
}

/** The problem of a reference to something that is not there; none where some file could not be read. */
export function checkReference({ source, pointer, name, what }: Reference, declared: DeclaredNames): readonly Problem[] {
  if (declared.names.has(name) || !declared.isComplete) return [];
  const key = pointer.split('/').slice(1).join('.');
  return [source.problem({ pointer }, `${key} ${name} is not ${what}`, nameHint(name, declared.names))];
}
