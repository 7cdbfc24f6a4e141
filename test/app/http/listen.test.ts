import { createServer } from 'node:net';
import Fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../app/http/listen.ts';

const HOST = '127.0.0.1';

/** Takes a free port until the test ends. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return address.port;
}

function startServer(): ReturnType<typeof Fastify> {
  const server = Fastify();
  onTestFinished(() => server.close());
  return server;
}

describe('listening', () => {
  test('a port that was asked for and is taken is an error that says what to do', async () => {
    const port = await takenPort();
    await expect(listen(startServer(), { host: HOST, port, asked: true, setting: '--port' })).rejects.toMatchObject({
      code: 'APP_PORT_TAKEN',
      message: `port ${port} on ${HOST} is taken by another program: stop it, or ask for another port with --port`,
    });
  });

  test('a default that is taken gives way to the next free one', async () => {
    const port = await takenPort();
    const got = await listen(startServer(), { host: HOST, port, asked: false, setting: '--port' });
    expect(got).toBeGreaterThan(port);
    expect(got).toBeLessThanOrEqual(port + 20);
  });

  test('port 0 takes any free one, and says which', async () => {
    expect(await listen(startServer(), { host: HOST, port: 0, asked: true, setting: '--port' })).toBeGreaterThan(0);
  });

  test('another failure names address and cause', async () => {
    await expect(listen(startServer(), { host: '192.0.2.1', port: 7070, asked: true, setting: '--port' })).rejects.toThrow(
      /cannot listen on 192\.0\.2\.1:7070: /u,
    );
  });
});
