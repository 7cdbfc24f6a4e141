import type { ServerResponse } from 'node:http';
import { clearInterval, setInterval } from 'node:timers';
import { appError } from '../errors.ts';

export interface TickStreamOptions {
  /** The data of a tick; asked only while somebody listens. */
  readonly tick: () => object;
  /** Does something again and again until the returned function is called; by default on the machine's timer. */
  readonly repeat?: (work: () => void, everyMs: number) => () => void;
}

const EVERY_MS = 1000;
const MAX_CLIENTS = 32;
/** A page that leaves this much unread has gone to sleep: it is let go, and comes back by itself when it wakes. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const RECONNECT_MS = 2000;

/** Server-sent events: one ticker for all who listen, and none where nobody does. */
export class TickStream {
  readonly #tick: () => object;
  readonly #clients = new Set<ServerResponse>();
  readonly #repeat: NonNullable<TickStreamOptions['repeat']>;
  #stop: (() => void) | undefined;
  #isClosed = false;

  constructor({ tick, repeat = repeatOnTimer }: TickStreamOptions) {
    this.#tick = tick;
    this.#repeat = repeat;
  }

  /** Throws APP_STREAM_FULL where no more are served. */
  checkRoom(): void {
    if (this.#clients.size < MAX_CLIENTS && !this.#isClosed) return;
    const message = `${MAX_CLIENTS} pages listen already, and no more are served at once: close some, or ask /api/health instead`;
    throw appError('APP_STREAM_FULL', message);
  }

  /** Sends a tick at once and about every second, until the client goes or the server stops. */
  add(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    response.on('close', () => this.#remove(response));
    response.on('error', () => this.#remove(response));
    this.#clients.add(response);
    response.write(`retry: ${RECONNECT_MS}\n\n${this.#event()}`);
    this.#stop ??= this.#repeat(() => this.#sendAll(), EVERY_MS);
  }

  /** Ends every client's stream. */
  close(): void {
    this.#isClosed = true;
    for (const client of this.#clients) {
      this.#remove(client);
      client.end();
    }
  }

  #sendAll(): void {
    const event = this.#event();
    for (const client of this.#clients) {
      if (client.writableLength <= MAX_UNREAD_BYTES) client.write(event);
      else {
        this.#remove(client);
        client.destroy();
      }
    }
  }

  /** A tick that cannot be made is left out; the comment in its place keeps the connection alive. */
  #event(): string {
    try {
      return `event: tick\ndata: ${JSON.stringify(this.#tick())}\n\n`;
    } catch {
      return ': no tick this time\n\n';
    }
  }

  #remove(client: ServerResponse): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }
}

function repeatOnTimer(work: () => void, everyMs: number): () => void {
  const timer = setInterval(work, everyMs);
  return () => clearInterval(timer);
}
