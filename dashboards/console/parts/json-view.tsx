const MASK = '•••';
const INDENT = 2;

/** JSON, formatted and coloured by kind; what is masked is marked as such. */
export function JsonView({ value }: { readonly value: unknown }) {
  return (
    <pre className="json" tabIndex={0} aria-label="data as JSON">
      <Node value={value} depth={0} />
    </pre>
  );
}

function Node({ value, depth }: { readonly value: unknown; readonly depth: number }) {
  if (Array.isArray(value)) {
    return (
      <Entries open="[" close="]" depth={depth} entries={value.map((item: unknown) => ({ name: undefined, value: item }))} />
    );
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, item]: [string, unknown]) => ({ name, value: item }));
    return <Entries open="{" close="}" depth={depth} entries={entries} />;
  }
  return <Scalar value={value} />;
}

/** A text, or the mark that stands for what is masked. */
export function Maskable({ text }: { readonly text: string }) {
  return text === MASK ? <span className="json-masked">masked</span> : <>{text}</>;
}

function Scalar({ value }: { readonly value: unknown }) {
  if (value === MASK) return <Maskable text={MASK} />;
  const kind = typeof value === 'string' ? 'string' : 'plain';
  return <span className={`json-${kind}`}>{JSON.stringify(value)}</span>;
}

interface EntriesProps {
  readonly open: string;
  readonly close: string;
  readonly depth: number;
  readonly entries: readonly { readonly name: string | undefined; readonly value: unknown }[];
}

function Entries({ open, close, depth, entries }: EntriesProps) {
  if (entries.length === 0) return <span>{`${open}${close}`}</span>;
  const pad = ' '.repeat(INDENT * (depth + 1));
  return (
    <span>
      {`${open}\n`}
      {entries.map((entry, index) => (
        <span key={entry.name ?? index}>
          {pad}
          {entry.name === undefined ? null : <span className="json-name">{`${JSON.stringify(entry.name)}: `}</span>}
          <Node value={entry.value} depth={depth + 1} />
          {index < entries.length - 1 ? ',\n' : '\n'}
        </span>
      ))}
      {`${' '.repeat(INDENT * depth)}${close}`}
    </span>
  );
}
