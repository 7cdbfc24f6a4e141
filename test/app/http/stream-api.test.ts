import http from 'node:http';
import { Value } from 'typebox/value';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StreamTick } from '#core';
import { type Asking, serveNothing } from './api-server.ts';

interface Listener {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Resolves with the next part that comes; empty when the stream has ended. */
  next(): Promise<string>;
  leave(): void;
}

async function listen(port: number): Promise<Listener> {
  const request = http.get({ host: '127.0.0.1', port, path: '/api/stream' });
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  onTestFinished(() => void request.destroy());
  const parts = response.setEncoding('utf8')[Symbol.asyncIterator]();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    next: async () => {
      const part = await parts.next().catch(() => ({ done: true, value: '' }));
      return part.done === true ? '' : String(part.value);
    },
    leave: () => void request.destroy(),
  };
}

async function start(api: Asking & { readonly server: { listen: (to: object) => Promise<string> } }): Promise<number> {
  return Number(new URL(await api.server.listen({ host: '127.0.0.1', port: 0 })).port);
}

const tickOf = (part: string): unknown => JSON.parse(/^data: (.*)$/mu.exec(part)?.[1] ?? 'null');

describe('the stream', () => {
  test('begins with a tick', async () => {
    const api = await serveNothing();
    const one = await listen(await start(api));
    expect({ status: one.status, type: one.headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/event-stream; charset=utf-8',
    });
    const first = await one.next();
    expect(first).toContain('retry: 2000');
    expect([...Value.Errors(StreamTick, tickOf(first))]).toEqual([]);
  });

  test('serves 32 pages, and tells the next one what to do', async () => {
    const api = await serveNothing();
    const port = await start(api);
    const listeners = await Promise.all(Array.from({ length: 32 }, () => listen(port)));
    expect(listeners.every(({ status }) => status === 200)).toBe(true);
    const late = await listen(port);
    expect(late.status).toBe(503);
    expect(JSON.parse(await late.next())).toEqual({
      code: 'APP_STREAM_FULL',
      message: expect.stringMatching(/^32 pages listen already/u),
    });
  });

  test('ends when the server stops', async () => {
    const api = await serveNothing();
    const one = await listen(await start(api));
    await one.next();
    await api.server.close();
    expect(await one.next()).toBe('');
  });
});
