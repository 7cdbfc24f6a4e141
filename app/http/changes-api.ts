import Type from 'typebox';
import { ChangeAccepted, ChangeReport } from '#core';
import { type Api, PROBLEMS } from './routes.ts';

const NO_QUERY = Type.Object({}, { additionalProperties: false });

/** POST /api/changes: what was altered elsewhere, so that whoever looks for a cause sees it. */
export const changesApi: Api = async (server, { changes }) => {
  // A page elsewhere can have a browser send text unasked, but not JSON.
  server.removeContentTypeParser('text/plain');
  server.post(
    '/api/changes',
    {
      schema: {
        summary: 'Tell of a deploy or a setting elsewhere: a fact of the control topic; the same id is the same change',
        querystring: NO_QUERY,
        body: ChangeReport,
        response: { 200: ChangeAccepted, ...PROBLEMS },
      },
    },
    async ({ body }) => changes.record(body),
  );
};
