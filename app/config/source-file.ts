import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import { messageOf } from '#core';
import { fileProblem, type Problem } from './problem.ts';

/** Limits of a workspace file; a file beyond them is a problem, and is not read further. */
export const FILE_LIMITS = { maxBytes: 1_048_576, maxDepth: 100, maxAliases: 100, maxProblems: 50 } as const;

/** A place in a file: a value, or the key that it stands under. */
export interface Place {
  readonly pointer: string;
  readonly part?: 'key' | 'value';
}

/** A file that was read, or why it could not be. */
export type ReadVerdict =
  | { readonly ok: true; readonly source: SourceFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** The tokens of a JSON pointer. */
export function tokensOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A parsed YAML file that knows where each of its values stands. */
export class SourceFile {
  readonly file: string;
  /** The file’s content as plain JSON values. */
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #text: string;

  constructor(parts: {
    readonly file: string;
    readonly value: unknown;
    readonly document: Document;
    readonly lines: LineCounter;
    readonly text: string;
  }) {
    this.file = parts.file;
    this.value = parts.value;
    this.#document = parts.document;
    this.#lines = parts.lines;
    this.#text = parts.text;
  }

  /** A problem at a place; where the place is not in the file, at what holds it. */
  problem({ pointer, part = 'value' }: Place, message: string, hint?: string): Problem {
    const found = this.#find(tokensOf(pointer));
    const node = part === 'key' ? (found.key ?? found.value) : (found.value ?? found.key);
    return { ...fileProblem(this.file, message, hint), pointer, ...locate(this.#text, this.#lines, node?.range?.[0] ?? 0) };
  }

  #find(tokens: readonly string[]): Found {
    let found: Found = { key: undefined, value: asNode(this.#document.contents) };
    for (const token of tokens) {
      const next = this.#step(found.value, token);
      if (next === undefined) break;
      found = next;
    }
    return found;
  }

  #step(node: Node | undefined, token: string): Found | undefined {
    const holder = isAlias(node) ? node.resolve(this.#document) : node;
    if (isSeq(holder)) {
      const item = asNode(holder.items[Number(token)]);
      return item === undefined ? undefined : { key: undefined, value: item };
    }
    const pair = isMap(holder) ? holder.items.find(({ key }) => String(isScalar(key) ? key.value : key) === token) : undefined;
    return pair === undefined ? undefined : { key: asNode(pair.key), value: asNode(pair.value) };
  }
}

function locate(text: string, lines: LineCounter, offset: number): { line: number; column: number; sourceLine: string } {
  const { line, col } = lines.linePos(offset);
  const start = lines.lineStarts[line - 1] ?? 0;
  const end = lines.lineStarts[line] ?? text.length + 1;
  return { line, column: col, sourceLine: text.slice(start, end - 1).replace(/\r$/u, '') };
}

function asNode(value: unknown): Node | undefined {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : undefined;
}

/** Plain words for the parser’s commonest complaints. */
const SYNTAX: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  DUPLICATE_KEY: ['this key is there twice', 'keep one of the two'],
  TAB_AS_INDENT: ['a tab stands where YAML wants spaces', 'indent with spaces'],
  MULTIPLE_DOCS: ['a second document begins here', 'write one object a file'],
  TAG_RESOLVE_FAILED: ['this tag has no meaning here', 'write the plain value'],
};

function syntaxProblem(error: YAMLError, file: string, at: { readonly text: string; readonly lines: LineCounter }): Problem {
  const [message, hint] = SYNTAX[error.code] ?? [`this is not YAML: ${error.message}`, undefined];
  return { ...fileProblem(file, message, hint), ...locate(at.text, at.lines, error.pos[0]) };
}

/** The parser’s complaints, the first of each line: the others mostly follow from it. */
function syntaxProblems(
  document: Document,
  file: string,
  at: { readonly text: string; readonly lines: LineCounter },
): readonly Problem[] {
  const byLine = new Map<number | undefined, Problem>();
  for (const error of [...document.errors, ...document.warnings]) {
    const problem = syntaxProblem(error, file, at);
    if (!byLine.has(problem.line)) byLine.set(problem.line, problem);
    if (byLine.size === FILE_LIMITS.maxProblems) break;
  }
  return [...byLine.values()];
}

/** Whether a value nests deeper than the limit; a value that holds itself (through an anchor) does. */
function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth >= FILE_LIMITS.maxDepth || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
}

const TOO_DEEP = `the file nests deeper than ${FILE_LIMITS.maxDepth} levels`;

/** Parses the text of a workspace file. */
export function parseSource(file: string, text: string): ReadVerdict {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
    });
    const problems = syntaxProblems(document, file, { text, lines });
    if (problems.length > 0) return { ok: false, problems };
    const value: unknown = document.toJS({ maxAliasCount: FILE_LIMITS.maxAliases });
    if (value === null)
      return { ok: false, problems: [fileProblem(file, 'the file is empty', 'write its object, or delete it')] };
    if (isTooDeep(value)) return { ok: false, problems: [fileProblem(file, TOO_DEEP)] };
    return { ok: true, source: new SourceFile({ file, value, document, lines, text }) };
  } catch (error) {
    // The parser descends with the nesting, and refuses aliases that multiply.
    const message = error instanceof RangeError ? TOO_DEEP : `this is not YAML that can be read: ${messageOf(error)}`;
    return { ok: false, problems: [fileProblem(file, message)] };
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseBytes(file: string, bytes: Uint8Array): ReadVerdict {
  const text = decode(bytes);
  if (text === undefined || text.includes('\0')) {
    return { ok: false, problems: [fileProblem(file, 'the file is not UTF-8 text', 'save it as UTF-8')] };
  }
  return parseSource(file, text);
}

async function readBounded(handle: FileHandle): Promise<Uint8Array | undefined> {
  const buffer = new Uint8Array(FILE_LIMITS.maxBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (length > FILE_LIMITS.maxBytes) return undefined;
    if (bytesRead === 0) return buffer.subarray(0, length);
  }
}

/** Reads and parses a file of a folder; `file` is its path inside, with /. */
export async function readSource(folder: string, file: string): Promise<ReadVerdict> {
  try {
    await using handle = await open(resolve(folder, file));
    const bytes = await readBounded(handle);
    if (bytes !== undefined) return parseBytes(file, bytes);
    return { ok: false, problems: [fileProblem(file, `the file is larger than ${FILE_LIMITS.maxBytes} bytes`, 'split it')] };
  } catch (error) {
    return { ok: false, problems: [fileProblem(file, `the file cannot be read: ${messageOf(error)}`)] };
  }
}
