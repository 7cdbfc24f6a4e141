import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** CloudEvents id. */
  readonly id: string;
}

/** What to answer: a status with headers; `nothing` keeps the sender waiting. */
export type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'nothing';

export interface Receiver {
  readonly url: string;
  /** Every request, in order of arrival. */
  readonly requests: Received[];
}

/** A real HTTP server on loopback for the running test; it answers what it is told for each request, by its number from 0. */
export async function openReceiver(
  answer: (index: number, request: Received) => Answer = () => ({ status: 204 }),
): Promise<Receiver> {
  const requests: Received[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const received = { headers: request.headers, body, id: (JSON.parse(body) as { id: string }).id };
    requests.push(received);
    const said = answer(requests.length - 1, received);
    if (said !== 'nothing') response.writeHead(said.status, said.headers).end('answer');
  };
  const server = createServer((request, response) => void receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}
