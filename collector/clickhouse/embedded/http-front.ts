import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { messageOf, ThroughlineError } from '#core';
import { refusal } from './refusals.ts';
import { discardRest, readBody } from './request-body.ts';
import type { StatementRequest, StatementResult, StatementRunner } from './statement-runner.ts';

export interface HttpFrontOptions {
  readonly runner: StatementRunner;
  /** Whoever does not send it is refused. */
  readonly key: string;
  readonly engineVersion: string;
  /** Largest body with rows, bytes. */
  readonly maxRowsBytes: number;
  /** Largest statement, bytes. */
  readonly maxStatementBytes: number;
}

/** The one user. */
export const ENGINE_USER = 'throughline';

const HOST = '127.0.0.1';
/** A statement may stand in the URL, as on a server (http_max_uri_size). */
const MAX_HEADER_BYTES = 1024 * 1024;
const KEEP_ALIVE_MS = 30_000;
const MAX_DISCARDED_BYTES = 1024 * 1024;
/** Statuses that a server answers for exceptions of the engine; others are 500. */
const STATUSES: Readonly<Record<number, number>> = {
  6: 400,
  27: 400,
  36: 400,
  43: 400,
  47: 404,
  53: 400,
  60: 404,
  62: 400,
  81: 404,
  159: 408,
  394: 499,
};

/** ClickHouse's HTTP interface over the engine, on loopback, for who has the key. */
export class HttpFront {
  readonly #options: HttpFrontOptions;
  readonly #server: Server;
  readonly #running = new Set<AbortController>();
  #isStopping = false;
  #onIdle: (() => void) | undefined;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
    this.#server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    // A statement may take as long as its own limit says.
    this.#server.requestTimeout = 0;
  }

  /** Listens on a port that the system picks, and returns it. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, HOST, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes nothing new, and resolves when what was begun has been answered; with `abort`, what runs is killed. */
  async stop({ abort }: { readonly abort: boolean }): Promise<void> {
    this.#isStopping = true;
    this.#server.close();
    if (abort) for (const controller of this.#running) controller.abort();
    if (this.#running.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    this.#running.add(gone);
    response.on('close', () => gone.abort());
    try {
      this.#checkKey(request);
      if (this.#isStopping) throw refusal('ABORTED', 'the embedded engine is being stopped');
      await this.#route(request, response, gone.signal);
    } catch (error) {
      await discardRest(request, MAX_DISCARDED_BYTES);
      if (!request.complete) response.setHeader('Connection', 'close');
      sendError(response, error, this.#options.engineVersion);
    } finally {
      // An answer is given when its last byte has left: a stop closes the sockets then.
      await finished(response).catch(() => {});
      this.#running.delete(gone);
      if (this.#running.size === 0) this.#onIdle?.();
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${HOST}`);
    if (url.pathname === '/ping') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=UTF-8' }).end('Ok.\n');
      return;
    }
    if (url.pathname !== '/' || !['GET', 'POST'].includes(request.method ?? '')) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such thing here: POST / or GET /ping\n');
      return;
    }
    const statement = await this.#read(request, url.searchParams);
    const result = await this.#options.runner.run({ ...statement, signal });
    sendResult(response, result, url.searchParams.get('query_id') ?? '');
  }

  async #read(request: IncomingMessage, parameters: URLSearchParams): Promise<Omit<StatementRequest, 'signal'>> {
    refuseUnsupported(request, parameters);
    const readonly = parameters.get('readonly') ?? '0';
    const isReadOnly = readonly !== '0' || request.method === 'GET';
    const inUrl = parameters.get('query');
    if (inUrl !== null) {
      return { statement: inUrl, parameters, isReadOnly, body: await readBody(request, this.#options.maxRowsBytes) };
    }
    const text = await readBody(request, this.#options.maxStatementBytes);
    return { statement: decodeText(text), parameters, isReadOnly, body: Buffer.alloc(0) };
  }

  #checkKey(request: IncomingMessage): void {
    const [user, key] = credentialsOf(request);
    if (user === undefined || key === undefined) {
      throw refusal('REQUIRED_PASSWORD', 'Authentication failed: the embedded engine answers only the process that started it');
    }
    const [given, wanted] = [Buffer.from(`${user}:${key}`), Buffer.from(`${ENGINE_USER}:${this.#options.key}`)];
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw refusal('AUTHENTICATION_FAILED', 'Authentication failed: this is not the key of the embedded engine');
    }
  }
}

function credentialsOf(request: IncomingMessage): readonly (string | undefined)[] {
  const basic = /^Basic ([\w+/=-]+)$/u.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return [headerOf(request, 'x-clickhouse-user'), headerOf(request, 'x-clickhouse-key')];
  const text = Buffer.from(basic, 'base64').toString();
  const colon = text.indexOf(':');
  return colon === -1 ? [] : [text.slice(0, colon), text.slice(colon + 1)];
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function refuseUnsupported(request: IncomingMessage, parameters: URLSearchParams): void {
  if (parameters.has('session_id')) {
    throw refusal('SUPPORT_IS_DISABLED', 'the embedded engine has no sessions: each statement may run on another connection');
  }
  if (request.headers['content-type']?.startsWith('multipart/') === true) {
    throw refusal('SUPPORT_IS_DISABLED', 'the embedded engine takes parameters in the URL, not as multipart/form-data');
  }
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refusal('SYNTAX_ERROR', 'the statement is not UTF-8', error);
  }
}

function sendResult(response: ServerResponse, result: StatementResult, queryId: string): void {
  const summary = {
    read_rows: result.readRows,
    read_bytes: result.readBytes,
    written_rows: result.writtenRows,
    written_bytes: result.writtenBytes,
    total_rows_to_read: 0,
    result_rows: result.writtenRows,
    result_bytes: result.bytes.length,
    elapsed_ns: Math.round(result.elapsedSeconds * 1e9),
  };
  const asText = Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, String(value)]));
  response.writeHead(200, {
    'Content-Type': result.format.startsWith('JSON') ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
    'Content-Length': result.bytes.length,
    'X-ClickHouse-Server-Display-Name': 'throughline-embedded',
    'X-ClickHouse-Query-Id': queryId.replace(/[^\x20-\x7e]/gu, ''),
    'X-ClickHouse-Format': result.format,
    'X-ClickHouse-Timezone': 'UTC',
    'X-ClickHouse-Summary': JSON.stringify(asText),
  });
  response.end(result.bytes);
}

/** As a server answers an exception: its code in a header, its sentence as text. */
function sendError(response: ServerResponse, error: unknown, engineVersion: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { code, status, text } = describe(error);
  const body = `${text} (version ${engineVersion} (embedded))\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(code),
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

function describe(error: unknown): { readonly code: number; readonly status: number; readonly text: string } {
  if (error instanceof ThroughlineError) {
    const { exception, code, status } = error.details;
    return {
      code: Number(code),
      status: Number(status),
      text: `Code: ${Number(code)}. DB::Exception: ${error.message}. (${String(exception)})`,
    };
  }
  const said = messageOf(error).trim();
  const code = Number(/^Code: (\d+)/u.exec(said)?.[1] ?? 1001);
  const text = said.startsWith('Code: ') ? said : `Code: 1001. DB::Exception: ${said}. (STD_EXCEPTION)`;
  return { code, status: STATUSES[code] ?? 500, text };
}
