import Type from 'typebox';
import { readChanges, readDays } from '#collector';
import { Timeline } from '#core';
import { timelineOf } from '../views/timeline-view.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

/** The history on the event clock: GET /api/timeline. */
export const timelineApi: Api = async (server, { telemetry, line }) => {
  server.get(
    '/api/timeline',
    {
      schema: {
        summary: 'Events by day, quality by month, and every change, on the event clock',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: Timeline, ...PROBLEMS },
      },
    },
    async () => {
      const database = databaseOf(telemetry);
      const [days, changes, quality] = await Promise.all([readDays(database), readChanges(database), line.quality()]);
      return timelineOf({ days, changes, quality });
    },
  );
};
