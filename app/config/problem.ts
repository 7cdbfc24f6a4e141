import { isAbsolute, relative, resolve } from 'node:path';
import process from 'node:process';

/** Something wrong with a file that a user wrote: where, what was expected and found, and what to do. */
export interface Problem {
  /** Path inside the workspace, or as it was given; empty where the workspace’s folder is the problem. */
  readonly file: string;
  /** From 1; absent where the file as a whole is the problem. */
  readonly line?: number;
  /** From 1, in UTF-16 code units. */
  readonly column?: number;
  /** JSON pointer of the value. */
  readonly pointer: string;
  /** What was expected and what was found, without a full stop. */
  readonly message: string;
  /** What to do, where that can be said. */
  readonly hint?: string;
  /** The line of the file. */
  readonly sourceLine?: string;
}

/** A problem with a file as a whole. */
export function fileProblem(file: string, message: string, hint?: string): Problem {
  return { file, pointer: '', message, ...(hint === undefined ? {} : { hint }) };
}

/** Message and hint as one sentence. */
export function sentenceOf({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** `file:line:column`, as terminals and editors link it; `folder` goes before a file of a workspace. */
export function placeOf({ file, line, column }: Problem, folder = ''): string {
  const path = [folder, file].filter((part) => part !== '').join('/');
  return line === undefined || column === undefined ? path : `${path}:${line}:${column}`;
}

/** A folder as people near it call it: relative to the current one where it lies inside. */
export function shownFolder(folder: string, current: string = process.cwd()): string {
  const path = relative(current, resolve(current, folder));
  if (path === '') return '.';
  return path.startsWith('..') || isAbsolute(path) ? resolve(current, folder) : path;
}

/** By file, then line, then column. */
export function compareProblems(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
