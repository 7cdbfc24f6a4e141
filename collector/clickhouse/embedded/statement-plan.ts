import { refusal } from './refusals.ts';
import { type StatementSettings, settingsClause } from './settings.ts';
import type { Piece } from './statement-text.ts';

/** How a statement is run: as text, or as an insert whose rows come in the body of the request. */
export type StatementPlan =
  | { readonly kind: 'statement'; readonly text: string; readonly isRead: boolean }
  | { readonly kind: 'insert-rows'; readonly table: string; readonly columns: readonly string[]; readonly format: string };

/** Where a statement takes settings: after everything; after a FORMAT that is made for it; nowhere. */
type Place = 'end' | 'after-format' | 'none' | 'insert';

const READS = ['SELECT', 'WITH', 'FROM', 'SHOW', 'DESC', 'DESCRIBE', 'EXPLAIN', 'EXISTS', 'CHECK'];

const PLACES: Readonly<Record<string, Place>> = {
  ...Object.fromEntries(READS.map((word) => [word, 'end' as const])),
  ...Object.fromEntries(
    ['CREATE', 'ATTACH', 'ALTER', 'DROP', 'TRUNCATE', 'RENAME', 'OPTIMIZE', 'EXCHANGE', 'DETACH', 'UNDROP'].map((word) => [
      word,
      'after-format' as const,
    ]),
  ),
  DELETE: 'end',
  UPDATE: 'end',
  KILL: 'end',
  SYSTEM: 'none',
  INSERT: 'insert',
};

/** Kinds of CREATE and DROP whose grammar has no room for settings. */
const WITHOUT_SETTINGS = /^(?:CREATE|DROP)(?: OR REPLACE)? (?:FUNCTION|NAMED|USER|ROLE|QUOTA|ROW|SETTINGS|WORKLOAD|RESOURCE)\b/u;

/** A word of the statement outside of brackets, in upper case, and where its piece stands. */
interface TopWord {
  readonly word: string;
  readonly index: number;
}

/**
 * Places the settings into a statement, according to its kind. Refuses (SYNTAX_ERROR, SUPPORT_IS_DISABLED) more than one
 * statement, statements that would stay on the connection (SET, USE), and those that touch files of the host.
 */
export function planStatement(pieces: readonly Piece[], settings: StatementSettings): StatementPlan {
  const single = cutAtSemicolon(pieces);
  const tops = topWords(single);
  const first = firstWord(single);
  const place = PLACES[first];
  if (place === undefined) throw notTaken(first);
  refuseHostFiles(single);
  if (place === 'insert') return planInsert(single, tops, settings);
  const text = textOf(single);
  const isRead = READS.includes(first);
  const opening = tops.map(({ word }) => word).join(' ');
  if (place === 'none' || WITHOUT_SETTINGS.test(opening)) return { kind: 'statement', text, isRead };
  // CREATE's own SETTINGS are the table's; those of ALTER and the like are the statement's, and ours go in front of them.
  const own = place === 'after-format' && !isCreation(first) ? tops.find(({ word }) => word === 'SETTINGS') : undefined;
  if (own !== undefined)
    return { kind: 'statement', text: splice(single, own.index + 1, ` ${settingsClause(settings)}, `), isRead };
  const hasFormat = tops.some(({ word }) => word === 'FORMAT');
  const format = place === 'after-format' && !hasFormat ? '\nFORMAT Null' : '';
  return { kind: 'statement', text: `${text}${format}\nSETTINGS ${settingsClause(settings)}`, isRead };
}

function planInsert(pieces: readonly Piece[], tops: readonly TopWord[], settings: StatementSettings): StatementPlan {
  const source = tops.slice(1).find(({ word }) => ['VALUES', 'SELECT', 'WITH', 'FORMAT'].includes(word));
  if (tops[2]?.word === 'FUNCTION' || tops[1]?.word !== 'INTO') {
    throw refusal('SUPPORT_IS_DISABLED', 'the embedded engine inserts into tables only: INSERT INTO table …');
  }
  if (source === undefined) throw refusal('SYNTAX_ERROR', 'an INSERT needs VALUES, SELECT or FORMAT');
  if (source.word === 'FORMAT') return planRows(pieces, source.index);
  const given = tops.find(({ word, index }) => word === 'SETTINGS' && index < source.index);
  const clause = settingsClause(settings);
  // The keyword of a clause that is there already gets ours in front of its own.
  const [at, text] = given === undefined ? [source.index, ` SETTINGS ${clause} `] : [given.index + 1, ` ${clause}, `];
  return { kind: 'statement', text: splice(pieces, at, text), isRead: false };
}

/** `INSERT INTO [TABLE] [database.]table [(columns)] FORMAT name`, with the rows in the body. */
function planRows(pieces: readonly Piece[], formatIndex: number): StatementPlan {
  const head = tokensOf(pieces.slice(0, formatIndex)).slice(2);
  const [format = '', ...rest] = tokensOf(pieces.slice(formatIndex + 1));
  if (rest.length > 0) {
    throw refusal(
      'SYNTAX_ERROR',
      'rows of an INSERT … FORMAT go into the body of the request, the statement into its parameter `query`',
    );
  }
  if (head[0]?.toUpperCase() === 'TABLE') head.shift();
  const shape = /^(\w+(?:\.\w+)?)(?:\((\w+(?:\.\w+)?(?:,\w+(?:\.\w+)?)*)\))?$/u.exec(head.map(unquoted).join(''));
  if (shape?.[1] === undefined) {
    throw refusal(
      'SYNTAX_ERROR',
      'an INSERT with rows reads INSERT INTO table (columns) FORMAT name, its names of letters, digits and _',
    );
  }
  return { kind: 'insert-rows', table: shape[1], columns: shape[2]?.split(',') ?? [], format };
}

function unquoted(token: string): string {
  const inner = /^([`"])(\w+)\1$/u.exec(token)?.[2];
  return inner ?? token;
}

function cutAtSemicolon(pieces: readonly Piece[]): readonly Piece[] {
  const end = pieces.findIndex(({ kind, text }) => kind === 'mark' && text === ';');
  if (end === -1) return pieces;
  if (pieces.slice(end).some(({ kind, text }) => kind !== 'space' && text !== ';')) {
    throw refusal('SYNTAX_ERROR', 'Multi-statements are not allowed: send one statement a request');
  }
  return pieces.slice(0, end);
}

function topWords(pieces: readonly Piece[]): readonly TopWord[] {
  const words: TopWord[] = [];
  let depth = 0;
  for (const [index, { kind, text }] of pieces.entries()) {
    if (kind === 'mark' && '([{'.includes(text)) depth += 1;
    else if (kind === 'mark' && ')]}'.includes(text)) depth -= 1;
    else if (kind === 'word' && depth === 0) words.push({ word: text.toUpperCase(), index });
  }
  return words;
}

/** The first word, also behind brackets: `(SELECT 1) UNION ALL (SELECT 2)`. */
function firstWord(pieces: readonly Piece[]): string {
  const first = pieces.find(({ kind, text }) => kind !== 'space' && text !== '(');
  return first?.kind === 'word' ? first.text.toUpperCase() : '';
}

function refuseHostFiles(pieces: readonly Piece[]): void {
  const words = pieces.flatMap(({ kind, text }) => (kind === 'word' ? [text.toUpperCase()] : []));
  const isFile = (word: string, index: number): boolean =>
    (word === 'OUTFILE' && words[index - 1] === 'INTO') || (word === 'INFILE' && words[index - 1] === 'FROM');
  if (words.some(isFile)) {
    throw refusal('SUPPORT_IS_DISABLED', 'INTO OUTFILE and FROM INFILE are not there: results and rows go over HTTP');
  }
}

function tokensOf(pieces: readonly Piece[]): string[] {
  return pieces.flatMap(({ kind, text }) => (kind === 'space' ? [] : [text]));
}

function isCreation(first: string): boolean {
  return first === 'CREATE' || first === 'ATTACH';
}

function splice(pieces: readonly Piece[], at: number, text: string): string {
  return `${textOf(pieces.slice(0, at))}${text}${textOf(pieces.slice(at))}`;
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

const WOULD_STAY = 'it would stay on the connection; send settings and the database as parameters of the request';
const HAS_NOTHING = 'there is nothing behind it in the embedded engine';

/** Statements of ClickHouse that are refused, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  SET: WOULD_STAY,
  USE: WOULD_STAY,
  BEGIN: HAS_NOTHING,
  COMMIT: HAS_NOTHING,
  ROLLBACK: HAS_NOTHING,
  BACKUP: HAS_NOTHING,
  RESTORE: HAS_NOTHING,
  GRANT: HAS_NOTHING,
  REVOKE: HAS_NOTHING,
};

function notTaken(first: string): Error {
  const why = REFUSED[first];
  if (why !== undefined) return refusal('SUPPORT_IS_DISABLED', `the embedded engine does not take ${first}: ${why}`);
  const found = first === '' ? 'it begins with none' : `not with ${first.slice(0, 50)}`;
  return refusal('SYNTAX_ERROR', `Syntax error: a statement begins with ${Object.keys(PLACES).join(', ')}; ${found}`);
}
