import Type from 'typebox';
import { CursorError, type SearchQuestion, searchJourneys } from '#collector';
import { EventAnswer, JourneyPage, JourneySearch } from '#core';
import { appError } from '../errors.ts';
import { answerEvent } from '../views/event-answer.ts';
import { summaryOf } from '../views/record-view.ts';
import type { ApiContext } from './context.ts';
import { entitiesOf } from './entity-text.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

const DEFAULT_LIMIT = 50;
const LABELS = [0, 1] as const;
const momentOf = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));
const EventId = Type.String({ minLength: 1, maxLength: 1024, description: 'The event’s id (CloudEvents `id`).' });
const Source = Type.String({ maxLength: 1024, description: 'The event’s source, where several use the same id.' });

/** Events, one or many: GET /api/events/:id, GET /api/journeys. */
export const eventsApi: Api = async (server, context) => {
  server.get(
    '/api/events/:id',
    {
      schema: {
        summary: 'All that is known of an event: its journey, or what became of it',
        params: Type.Object({ id: EventId }),
        querystring: Type.Object({ source: Type.Optional(Source) }, { additionalProperties: false }),
        response: { 200: EventAnswer, ...PROBLEMS },
      },
    },
    async ({ params, query }) => answerEvent(context, { ...params, ...query }),
  );
  server.get(
    '/api/journeys',
    {
      schema: {
        summary: 'Events by entity, fate, decision, outcome, time, or how slow they were; paged',
        querystring: JourneySearch,
        response: { 200: JourneyPage, ...PROBLEMS },
      },
    },
    async ({ query }) => {
      const { items, next } = await search(context, questionOf(context, query));
      return { items: items.map((item) => summaryOf(item, context)), next: next ?? null };
    },
  );
};

function questionOf({ index, entities }: ApiContext, query: JourneySearch): SearchQuestion {
  const { pipeline, entity, label, from, to, breached, order = 'newest', limit = DEFAULT_LIMIT, ...same } = query;
  const asked = pipeline === undefined ? index.pipelines : [index.pipeline(pipeline)];
  const bounds = asked.map(({ file, budget }) => [file.pipeline, budget.p99Ms * 1000] as const);
  return {
    ...same,
    order,
    limit,
    pipeline,
    entities: entity === undefined ? undefined : entitiesOf(entities, entity),
    label: label === undefined ? undefined : LABELS[label],
    fromMs: momentOf(from),
    toMs: momentOf(to),
    longerThanUs: breached === true ? Object.fromEntries(bounds) : undefined,
  };
}

async function search({ telemetry }: ApiContext, question: SearchQuestion): Promise<Awaited<ReturnType<typeof searchJourneys>>> {
  try {
    return await searchJourneys(databaseOf(telemetry), question);
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    const message = `/api/journeys: the cursor cannot be used: ${error.message}; begin again without it`;
    throw appError('APP_REQUEST_INVALID', message, { cause: error });
  }
}
