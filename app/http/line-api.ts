import Type from 'typebox';
import { Health } from '#core';
import { healthOf } from '../views/health-view.ts';
import { type Api, PROBLEMS } from './routes.ts';

const NO_QUERY = Type.Object({}, { additionalProperties: false });
const Counts = Type.Record(Type.String(), Type.Integer());
const Fates = Type.Object({ eventsRead: Type.Integer(), fates: Counts, reasons: Counts, outcomes: Counts });
const Quality = Type.Object({ months: Type.Array(Type.Unknown()), total: Type.Unknown() });

/** What the line has done so far, from memory: GET /api/health, /api/fates, /api/quality. */
export const lineApi: Api = async (server, context) => {
  const { line } = context;
  server.get(
    '/api/health',
    {
      schema: {
        summary: 'What runs, and what waits',
        querystring: NO_QUERY,
        response: { 200: Health, ...PROBLEMS },
      },
    },
    async () => healthOf(context),
  );
  server.get(
    '/api/fates',
    {
      schema: {
        summary: 'How many events met which fate, and why events are in quarantine',
        querystring: NO_QUERY,
        response: { 200: Fates, ...PROBLEMS },
      },
    },
    async () => {
      const { eventsRead, fates, reasons, outcomes } = line.progress();
      return { eventsRead, fates, reasons, outcomes };
    },
  );
  server.get(
    '/api/quality',
    {
      schema: {
        summary: 'The model’s quality by month of the scored event',
        querystring: NO_QUERY,
        response: { 200: Quality, ...PROBLEMS },
      },
    },
    async () => {
      const { months, total } = await line.quality();
      return { months: [...months], total };
    },
  );
};
