import type { Database, InsertRows, QueryOptions } from '#core';
import { appError } from '../errors.ts';

/** The telemetry store for those who were handed it before it was open: until then every call says so, and may be tried again. */
export class LateDatabase implements Database {
  #open: Database | undefined;
  #problem = 'it is being opened';

  /** From here on calls go to this one. */
  opened(database: Database): void {
    this.#open = database;
  }

  /** Why there is none yet. */
  failed(problem: string): void {
    this.#problem = problem;
  }

  query<Row>(sql: string, options?: QueryOptions): Promise<readonly Row[]> {
    return this.#call((database) => database.query<Row>(sql, options));
  }

  insert(rows: InsertRows): Promise<void> {
    return this.#call((database) => database.insert(rows));
  }

  command(sql: string, options?: QueryOptions): Promise<void> {
    return this.#call((database) => database.command(sql, options));
  }

  async #call<T>(call: (database: Database) => Promise<T>): Promise<T> {
    if (this.#open !== undefined) return call(this.#open);
    const sentence = `the telemetry store does not answer: ${this.#problem}; scoring goes on, and what is recorded waits in the log`;
    throw appError('APP_TELEMETRY_UNAVAILABLE', sentence);
  }
}
