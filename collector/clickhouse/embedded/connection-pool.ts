import type { Session } from 'chdb';
import { quoteIdentifier } from './literals.ts';
import { refusal } from './refusals.ts';

export interface PoolOptions {
  /** Opens a connection to the folder; the first one opens the engine (about a second), the others take no time. */
  readonly open: () => Session;
  readonly connections: number;
  /** Statements that may wait for a connection; more are refused (TOO_MANY_SIMULTANEOUS_QUERIES). */
  readonly maxWaiting: number;
  /** Called when no statement can run any more: the process should end, and be started again. */
  readonly onBroken: (error: unknown) => void;
}

interface Connection {
  session: Session;
  database: string;
}

type Waiter = (connection: Connection) => void;

const DEFAULT_DATABASE = 'default';

/**
 * Connections of one engine, each leased to one statement at a time: chDB runs a connection's statements one by one, and a
 * statement that fails leaves what it had put out for the next one to return. So a connection on which anything failed is
 * closed and another one opened in its place.
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #free: Connection[] = [];
  readonly #waiting: Waiter[] = [];
  /** Never leased: it keeps the engine open while others are replaced, and ends statements. */
  readonly #control: Session;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#control = options.open();
    for (let i = 0; i < options.connections; i++) this.#free.push({ session: options.open(), database: DEFAULT_DATABASE });
  }

  /** Runs work on a connection of its own, in the database given; waits for one if all are at work. */
  async run<T>(database: string, work: (session: Session) => Promise<T>): Promise<T> {
    const connection = this.#free.pop() ?? (await this.#wait());
    let isClean = false;
    try {
      if (connection.database !== database) await connection.session.queryAsync(`USE ${quoteIdentifier(database)}`);
      connection.database = database;
      const result = await work(connection.session);
      isClean = true;
      return result;
    } catch (error) {
      if (isFatal(error)) this.#options.onBroken(error);
      throw error;
    } finally {
      this.#giveBack(isClean ? connection : this.#replaced(connection));
    }
  }

  /** Ends the statements with this log comment; returns before they have ended. */
  async kill(logComment: string): Promise<void> {
    // KILL … SYNC has hung.
    await this.#control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${logComment}' ASYNC FORMAT Null`);
  }

  /** Closes every connection; whoever still runs something is waited for by the caller, before. */
  close(): void {
    for (const { session } of this.#free) session.close();
    this.#free.length = 0;
    this.#control.close();
  }

  #wait(): Promise<Connection> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      throw refusal('TOO_MANY_SIMULTANEOUS_QUERIES', `${this.#waiting.length} statements wait for a connection already`);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(connection);
    else next(connection);
  }

  #replaced(connection: Connection): Connection {
    connection.session.close();
    try {
      return { session: this.#options.open(), database: DEFAULT_DATABASE };
    } catch (error) {
      this.#options.onBroken(error);
      return connection;
    }
  }
}

/** ClickHouse's ABORTED: the engine met an error after which it runs nothing more. */
function isFatal(error: unknown): boolean {
  return error instanceof Error && 'clickhouseCode' in error && error.clickhouseCode === 236;
}
