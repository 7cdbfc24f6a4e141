import { setTimeout as delay } from 'node:timers/promises';
import type { RawInsertFormat, Session } from 'chdb';
import type { ConnectionPool } from './connection-pool.ts';
import { bindParameters } from './parameters.ts';
import { refusal } from './refusals.ts';
import { parseSettings, type StatementSettings } from './settings.ts';
import { planStatement, type StatementPlan } from './statement-plan.ts';
import { splitStatement } from './statement-text.ts';

/** One statement as it came over HTTP. */
export interface StatementRequest {
  readonly statement: string;
  readonly parameters: URLSearchParams;
  /** Rows of an insert. */
  readonly body: Buffer;
  /** Reads only. */
  readonly isReadOnly: boolean;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** What a server says in X-ClickHouse-Summary. */
export interface StatementResult {
  readonly bytes: Uint8Array;
  readonly format: string;
  readonly elapsedSeconds: number;
  readonly readRows: number;
  readonly readBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

const DEFAULT_FORMAT = 'TabSeparated';
const INSERT_FORMATS: readonly RawInsertFormat[] = [
  'JSONCompactEachRow',
  'JSONEachRow',
  'CSV',
  'CSVWithNames',
  'TabSeparated',
  'TSV',
  'TabSeparatedWithNames',
  'TSVWithNames',
];
const KILL_AGAIN_MS = 250;
/** Parsing of rows stays on one core, so that scoring has the other. */
const INSERT_SETTINGS = { max_threads: '1', max_insert_threads: '1', input_format_parallel_parsing: '0' };

/** Runs statements on the pool; a statement whose client goes away is killed. */
export class StatementRunner {
  readonly #pool: ConnectionPool;
  #next = 0;

  constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  async run(request: StatementRequest): Promise<StatementResult> {
    const { parameters } = request;
    const format = parameters.get('default_format') ?? DEFAULT_FORMAT;
    if (!/^\w{1,64}$/u.test(format)) throw refusal('UNKNOWN_FORMAT', 'default_format is the name of a format');
    const mark = `throughline-${this.#next++}`;
    const settings = { ...parseSettings(parameters), log_comment: mark };
    const plan = planStatement(bindParameters(splitStatement(request.statement), valuesOf(parameters)), settings);
    checkPlan(plan, request);
    return await this.#pool.run(parameters.get('database') ?? 'default', async (session) => {
      if (request.signal.aborted) throw refusal('QUERY_WAS_CANCELLED', 'the client went away before the statement began');
      const running =
        plan.kind === 'statement'
          ? runText(session, plan.text, format)
          : insertRows(session, plan, { rows: request.body, settings });
      return await this.#killOnAbort(running, mark, request.signal);
    });
  }

  /** Waits for the statement itself, never only for the abort: until the engine is done, its connection is not free. */
  async #killOnAbort<T>(running: Promise<T>, mark: string, signal: AbortSignal): Promise<T> {
    const ended = new AbortController();
    const kill = (): void => {
      this.#killUntil(mark, ended.signal).catch(() => {});
    };
    signal.addEventListener('abort', kill, { once: true });
    try {
      return await running;
    } finally {
      signal.removeEventListener('abort', kill);
      ended.abort();
    }
  }

  /** A statement can be killed only once the engine has begun it, so the kill is said until it ends. */
  async #killUntil(mark: string, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      await this.#pool.kill(mark);
      await delay(KILL_AGAIN_MS, undefined, { signal: ended });
    }
  }
}

function valuesOf(parameters: URLSearchParams): ReadonlyMap<string, string> {
  return new Map([...parameters].flatMap(([name, value]) => (name.startsWith('param_') ? [[name.slice(6), value]] : [])));
}

function checkPlan(plan: StatementPlan, { body, isReadOnly }: StatementRequest): void {
  if (isReadOnly && !(plan.kind === 'statement' && plan.isRead)) {
    throw refusal('READONLY', 'Cannot execute query in readonly mode: only reads are taken with GET or readonly=1');
  }
  if (plan.kind === 'statement' && body.length > 0) {
    throw refusal(
      'SYNTAX_ERROR',
      'a body beside the parameter `query` holds the rows of INSERT … FORMAT; this statement takes none',
    );
  }
}

async function runText(session: Session, text: string, format: string): Promise<StatementResult> {
  const result = await session.queryAsync(text, { format });
  return {
    bytes: result.bytes(),
    format,
    elapsedSeconds: result.elapsed,
    readRows: result.rowsRead,
    readBytes: result.bytesRead,
    writtenRows: 0,
    writtenBytes: 0,
  };
}

type RowsPlan = Extract<StatementPlan, { readonly kind: 'insert-rows' }>;

interface Rows {
  readonly rows: Buffer;
  readonly settings: StatementSettings;
}

async function insertRows(session: Session, plan: RowsPlan, { rows, settings }: Rows): Promise<StatementResult> {
  const format = INSERT_FORMATS.find((name) => name === plan.format);
  if (format === undefined) {
    throw refusal(
      'UNKNOWN_FORMAT',
      `the embedded engine takes rows as ${INSERT_FORMATS.join(', ')}, not as ${plan.format.slice(0, 64)}`,
    );
  }
  const { table, columns } = plan;
  const done = await session.insert({
    table,
    ...(columns.length > 0 ? { columns } : {}),
    format,
    values: rows,
    settings: { ...INSERT_SETTINGS, ...settings },
  });
  return {
    bytes: new Uint8Array(),
    format,
    elapsedSeconds: done.elapsed,
    readRows: done.rowsSent ?? done.rowsWritten,
    readBytes: done.bytesSent,
    writtenRows: done.rowsWritten,
    writtenBytes: done.bytesWritten,
  };
}
