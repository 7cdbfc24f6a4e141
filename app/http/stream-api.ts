import Type from 'typebox';
import { StreamTick } from '#core';
import { fatesOf, healthOf } from '../views/health-view.ts';
import { timeOf } from '../views/record-view.ts';
import type { ApiContext } from './context.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { TickStream } from './tick-stream.ts';

const MAX_LATEST = 12;

/** What is live, about once a second: GET /api/stream. */
export const streamApi: Api = async (server, context) => {
  const stream = new TickStream({ tick: () => tickOf(context) });
  server.addHook('preClose', async () => stream.close());
  server.get(
    '/api/stream',
    {
      schema: {
        summary: 'Server-sent events: `tick` about once a second, with the JSON below as its data',
        produces: ['text/event-stream'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: StreamTick, ...PROBLEMS },
      },
    },
    async (_request, reply) => {
      stream.checkRoom();
      stream.add(reply.raw);
      return reply.hijack();
    },
  );
};

function tickOf(context: ApiContext): StreamTick {
  const { clock, line, rate, latest } = context;
  const progress = line.progress();
  return {
    at: timeOf(clock.now()),
    health: healthOf(context),
    eventsPerSecond: rate.take(progress.eventsRead) ?? 0,
    fates: fatesOf(progress),
    latest: latest().slice(0, MAX_LATEST),
  };
}
