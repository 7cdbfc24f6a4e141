import process from 'node:process';
import type { Session } from 'chdb';
import { messageOf } from '#core';
import { ConnectionPool } from './connection-pool.ts';
import type { FromEngine, ToEngine } from './engine-protocol.ts';
import { HttpFront } from './http-front.ts';
import { lowerPriority } from './low-priority.ts';
import { StatementRunner } from './statement-runner.ts';

// The process in which ClickHouse runs. Started by EngineChild; it ends when it is told to, or when who started it is gone.

type Open = Extract<ToEngine, { readonly kind: 'open' }>;

interface Engine {
  readonly pool: ConnectionPool;
  readonly front: HttpFront;
}

const MAX_ROWS_BYTES = 64 * 1024 * 1024;
const MAX_STATEMENT_BYTES = 4 * 1024 * 1024;
const MAX_WAITING = 256;
/** Parameters stand in the text that the engine reads, which on a server they do not; this is read before the text is. */
const CONNECTION_ARGS = [`--max_query_size=${4 * MAX_STATEMENT_BYTES}`];
/** How long a stop waits for statements; an orphan kills them, and waits less. */
const STOP_MS = 10_000;
const ORPHAN_MS = 3000;

let engine: Engine | undefined;
let isEnding = false;

function tell(message: FromEngine): void {
  process.send?.(message);
}

async function open({ folder, key, connections }: Open): Promise<void> {
  const openSession = await loadLibrary(folder);
  if (openSession === undefined) return;
  const pool = openPool(openSession, connections);
  if (pool === undefined) return;
  const answer = await pool.run('default', (session) => session.queryAsync('SELECT version()', { format: 'TabSeparated' }));
  const version = answer.text().trim();
  const front = new HttpFront({
    runner: new StatementRunner(pool),
    key,
    engineVersion: version,
    maxRowsBytes: MAX_ROWS_BYTES,
    maxStatementBytes: MAX_STATEMENT_BYTES,
  });
  const port = await front.listen();
  engine = { pool, front };
  tell({ kind: 'ready', port, version });
}

/** The library is missing where there is none for the platform, so it is not imported before that can be said. */
async function loadLibrary(folder: string): Promise<(() => Session) | undefined> {
  try {
    const chdb = await import('chdb');
    return () => new chdb.Session(folder, { connectionArgs: CONNECTION_ARGS });
  } catch (error) {
    tell({ kind: 'failed', step: 'library', message: messageOf(error) });
    return undefined;
  }
}

function openPool(openSession: () => Session, connections: number): ConnectionPool | undefined {
  try {
    return new ConnectionPool({ open: openSession, connections, maxWaiting: MAX_WAITING, onBroken: fail });
  } catch (error) {
    tell({ kind: 'failed', step: 'folder', message: messageOf(error) });
    return undefined;
  }
}

/** Stops intake, waits for what is in flight, closes every connection, ends. Ends by force what does not end in time. */
async function end({ abort, withinMs }: { readonly abort: boolean; readonly withinMs: number }): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), withinMs);
  await engine?.front.stop({ abort });
  engine?.pool.close();
  process.exit(0);
}

function fail(error: unknown): void {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

const stop = (): void => {
  end({ abort: false, withinMs: STOP_MS }).catch(fail);
};
const orphaned = (): void => {
  end({ abort: true, withinMs: ORPHAN_MS }).catch(fail);
};

// Threads inherit it, so it comes before the library is loaded.
lowerPriority(process.pid);
process.on('message', (message: ToEngine) => {
  if (message.kind === 'stop') stop();
  else open(message).catch(fail);
});
process.on('disconnect', orphaned);
process.on('SIGTERM', stop);
// Ctrl-C goes to every process of the terminal; who started this one says when it is time.
process.on('SIGINT', () => {});
if (!process.connected) orphaned();
