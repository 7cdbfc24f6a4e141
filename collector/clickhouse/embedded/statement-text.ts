import { refusal } from './refusals.ts';

/** A run of a statement's text. `quoted` is a string or a quoted identifier, `space` white space and comments, `mark` one character. */
export interface Piece {
  readonly kind: 'word' | 'quoted' | 'space' | 'mark' | 'placeholder';
  readonly text: string;
}

/** A `{name:Type}` placeholder, taken apart. */
export const PLACEHOLDER = /\{\s*([A-Za-z_]\w*)\s*:\s*([^{}]+?)\s*\}/y;

// The shapes of ClickHouse's own lexer (src/Parsers/Lexer.cpp). Where one is tried follows the order there: a comment
// before an operator, a here-document before a word.
const SPACE = /(?:\s+|--[^\n]*|\/\/[^\n]*|#[ !][^\n]*)+/y;
const WORD = /[A-Za-z_$][\w$]*|\d\w*/y;
const SINGLE = /'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*'/y;
const DOUBLE = /"[^"\\]*(?:(?:\\[^]|"")[^"\\]*)*"/y;
const BACKTICK = /`[^`\\]*(?:(?:\\[^]|``)[^`\\]*)*`/y;
const CURLY = /‘[^’]*’|“[^”]*”/y;
const HEREDOC_TAG = /\$[^$]*\$/y;

const QUOTES: Readonly<Record<string, RegExp>> = { "'": SINGLE, '"': DOUBLE, '`': BACKTICK, '‘': CURLY, '“': CURLY };

/**
 * Splits a statement as ClickHouse's lexer does, so that what looks like a placeholder, a semicolon or a keyword inside a
 * string, a quoted identifier or a comment is seen for what it is. Refuses (SYNTAX_ERROR) what is not closed, and NUL
 * characters, at which the engine would stop reading.
 */
export function splitStatement(sql: string): readonly Piece[] {
  if (sql.includes('\0')) throw refusal('SYNTAX_ERROR', 'the statement holds a NUL character; bind it as a parameter instead');
  const pieces: Piece[] = [];
  for (let at = 0; at < sql.length; ) {
    const piece = pieceAt(sql, at);
    pieces.push(piece);
    at += piece.text.length;
  }
  return pieces;
}

function pieceAt(sql: string, at: number): Piece {
  const space = matchAt(SPACE, sql, at) ?? blockCommentAt(sql, at);
  if (space !== undefined) return { kind: 'space', text: space };
  const first = sql.charAt(at);
  const quote = QUOTES[first];
  if (quote !== undefined) return quotedAt(sql, at, quote);
  const heredoc = first === '$' ? heredocAt(sql, at) : undefined;
  if (heredoc !== undefined) return { kind: 'quoted', text: heredoc };
  const placeholder = first === '{' ? matchAt(PLACEHOLDER, sql, at) : undefined;
  if (placeholder !== undefined) return { kind: 'placeholder', text: placeholder };
  const word = matchAt(WORD, sql, at);
  return word === undefined ? { kind: 'mark', text: first } : { kind: 'word', text: word };
}

function quotedAt(sql: string, at: number, shape: RegExp): Piece {
  const text = matchAt(shape, sql, at);
  if (text === undefined) {
    throw refusal('SYNTAX_ERROR', `the quote ${sql.charAt(at)} at position ${at + 1} of the statement is not closed`);
  }
  return { kind: 'quoted', text };
}

/** Comments nest, as the SQL standard says. */
function blockCommentAt(sql: string, at: number): string | undefined {
  if (!sql.startsWith('/*', at)) return undefined;
  const edge = /\/\*|\*\//gu;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(sql); found !== null; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return sql.slice(at, edge.lastIndex);
  }
  throw refusal('SYNTAX_ERROR', `the comment at position ${at + 1} of the statement is not closed`);
}

function heredocAt(sql: string, at: number): string | undefined {
  const tag = matchAt(HEREDOC_TAG, sql, at);
  if (tag === undefined) return undefined;
  const end = sql.indexOf(tag, at + tag.length);
  return end === -1 ? undefined : sql.slice(at, end + tag.length);
}

function matchAt(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at;
  return shape.exec(text)?.[0];
}
