import { refusal } from './refusals.ts';

/** The type of a placeholder, as written: a name, and what stands in its brackets. */
export interface ParameterType {
  readonly name: string;
  readonly args: readonly (ParameterType | string)[];
  /** The type in ClickHouse's spelling, made from what was recognised: never the caller's own text. */
  readonly text: string;
}

const BARE = new Set(
  'Int8 Int16 Int32 Int64 Int128 Int256 UInt8 UInt16 UInt32 UInt64 UInt128 UInt256 Float32 Float64 Bool String Date Date32 DateTime UUID IPv4 IPv6 Identifier'.split(
    ' ',
  ),
);

/** What each type takes in its brackets: `n` a whole number, `z` a time zone, `T` a type. */
const WITH_ARGS: Readonly<Record<string, RegExp>> = {
  FixedString: /^n$/u,
  DateTime: /^z$/u,
  DateTime64: /^nz?$/u,
  Decimal: /^nn$/u,
  Decimal32: /^n$/u,
  Decimal64: /^n$/u,
  Decimal128: /^n$/u,
  Decimal256: /^n$/u,
  Array: /^T$/u,
  Nullable: /^T$/u,
  LowCardinality: /^T$/u,
  Tuple: /^T+$/u,
};

const TOKEN = /\s*(?:([A-Za-z]\w*)|(\d{1,3})|('[\w/+-]{1,64}')|([(),]))\s*/y;
const MAX_TOKENS = 100;

/** Reads a placeholder's type. Refuses (BAD_QUERY_PARAMETER) what is not in the list of types that parameters may have. */
export function parseParameterType(text: string): ParameterType {
  const tokens = tokensOf(text);
  const [type, rest] = readType(tokens, text);
  if (rest.length > 0) throw unknownType(text);
  return type;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    if (token === null || tokens.length === MAX_TOKENS) throw unknownType(text);
    tokens.push(token[0].trim());
  }
  return tokens;
}

function readType(tokens: readonly string[], whole: string): readonly [ParameterType, readonly string[]] {
  const [name = '', bracket] = tokens;
  if (bracket !== '(') {
    if (!BARE.has(name)) throw unknownType(whole);
    return [{ name, args: [], text: name }, tokens.slice(1)];
  }
  const args: (ParameterType | string)[] = [];
  let rest: readonly string[] = tokens.slice(1);
  while (rest[0] === '(' || rest[0] === ',') {
    const [arg, after] = readArgument(rest.slice(1), whole);
    args.push(arg);
    rest = after;
  }
  const shape = args.map(letterOf).join('');
  if (rest[0] !== ')' || WITH_ARGS[name]?.test(shape) !== true) throw unknownType(whole);
  const text = `${name}(${args.map((arg) => (typeof arg === 'string' ? arg : arg.text)).join(', ')})`;
  return [{ name, args, text }, rest.slice(1)];
}

function readArgument(tokens: readonly string[], whole: string): readonly [ParameterType | string, readonly string[]] {
  const [first = ''] = tokens;
  return /^[\d']/u.test(first) ? [first, tokens.slice(1)] : readType(tokens, whole);
}

function letterOf(arg: ParameterType | string): string {
  if (typeof arg !== 'string') return 'T';
  return arg.startsWith("'") ? 'z' : 'n';
}

function unknownType(text: string): Error {
  const known = [...BARE, ...Object.keys(WITH_ARGS)].join(', ');
  return refusal('BAD_QUERY_PARAMETER', `a parameter cannot have the type ${text}; parameters may be ${known}`);
}
