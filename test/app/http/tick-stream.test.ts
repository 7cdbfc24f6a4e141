import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TickStream } from '../../../app/http/tick-stream.ts';

/** A stream on a timer that turns by hand, behind a real socket. */
async function streamByHand(): Promise<{
  readonly ticks: () => number;
  readonly isTimed: () => boolean;
  turn(): void;
  join(): Promise<http.IncomingMessage>;
}> {
  let ticks = 0;
  let work: (() => void) | undefined;
  const stream = new TickStream({
    tick: () => {
      ticks++;
      if (ticks === 3) throw new Error('no tick');
      return { ticks };
    },
    repeat: (repeated) => {
      work = repeated;
      return () => {
        work = undefined;
      };
    },
  });
  const server = http.createServer((_request, response) => stream.add(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const join = async (): Promise<http.IncomingMessage> => {
    const [response] = (await once(http.get({ host: '127.0.0.1', port }), 'response')) as [http.IncomingMessage];
    return response.setEncoding('utf8');
  };
  return { ticks: () => ticks, isTimed: () => work !== undefined, turn: () => work?.(), join };
}

async function next(response: http.IncomingMessage): Promise<string> {
  const [part] = (await once(response, 'data')) as [string];
  return part;
}

describe('a stream of ticks', () => {
  test('computes one tick for all who listen, and goes on where one cannot be made', async () => {
    const { ticks, turn, join } = await streamByHand();
    const [one, two] = [await join(), await join()];
    expect([await next(one), await next(two)]).toEqual([
      'retry: 2000\n\nevent: tick\ndata: {"ticks":1}\n\n',
      'retry: 2000\n\nevent: tick\ndata: {"ticks":2}\n\n',
    ]);
    const failed = Promise.all([next(one), next(two)]);
    turn();
    expect(await failed).toEqual([': no tick this time\n\n', ': no tick this time\n\n']);
    const both = Promise.all([next(one), next(two)]);
    turn();
    expect(await both).toEqual(['event: tick\ndata: {"ticks":4}\n\n', 'event: tick\ndata: {"ticks":4}\n\n']);
    expect(ticks()).toBe(4);
  });

  test('computes nothing once nobody listens, and begins again with the next', async () => {
    const { isTimed, join, ticks } = await streamByHand();
    expect(isTimed()).toBe(false);
    const one = await join();
    expect(isTimed()).toBe(true);
    one.destroy();
    await expect.poll(isTimed).toBe(false);
    await join();
    expect({ isTimed: isTimed(), ticks: ticks() }).toEqual({ isTimed: true, ticks: 2 });
  });
});
