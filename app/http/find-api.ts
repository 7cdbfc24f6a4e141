import Type from 'typebox';
import { findIdentifiers, type Identified, type IdentifiedEvent } from '#collector';
import { type EpochMs, FindAnswer } from '#core';
import { FATE_WORDS } from '../fate-words.ts';
import { MASK } from '../views/mask.ts';
import type { ApiContext } from './context.ts';
import { entitiesOf } from './entity-text.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

type Match = FindAnswer['matches'][number];

const MAX_MATCHES = 10;
/** 2011-02-10 14:38 UTC: sentences are read, not parsed. */
const minuteOf = (ms: EpochMs): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const Query = Type.Object(
  { q: Type.String({ minLength: 1, maxLength: 256, description: 'An event’s id, a customer, or a trace’s id.' }) },
  { additionalProperties: false },
);

/** What the one box understands: GET /api/find. */
export const findApi: Api = async (server, context) => {
  server.get(
    '/api/find',
    {
      schema: {
        summary: 'What a text stands for: an event, a customer, a trace',
        querystring: Query,
        response: { 200: FindAnswer, ...PROBLEMS },
      },
    },
    async ({ query }) => find(context, query.q.trim()),
  );
};

async function find({ telemetry, entities }: ApiContext, text: string): Promise<FindAnswer> {
  const stored = entitiesOf(entities, text);
  const found = await findIdentifiers(databaseOf(telemetry), { text, entities: stored });
  const matches = [
    ...found.events.map(eventMatch),
    ...traceMatches(text, found.traced),
    ...entityMatches(found.entity, stored, entities.isPseudonym),
  ].slice(0, MAX_MATCHES);
  // What turned out to be a customer is not said back where it is personal data.
  const isPersonal = entities.isPseudonym && found.entity !== undefined && found.events.length === 0 && !stored.includes(text);
  return { query: isPersonal ? MASK : text, matches, hint: matches.length === 0 ? hintOf(telemetry.status().lagRecords) : null };
}

function eventMatch({ source, id, type, fate, timeMs }: IdentifiedEvent): Match {
  return {
    kind: 'event',
    href: `/events/${encodeURIComponent(id)}?source=${encodeURIComponent(source)}`,
    title: id,
    detail: `${type}, ${FATE_WORDS[fate].name}, ${minuteOf(timeMs)}, from ${source}`,
  };
}

function traceMatches(traceId: string, [first, ...others]: readonly IdentifiedEvent[]): readonly Match[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [{ kind: 'trace', href: `/traces/${traceId}`, title: traceId, detail: `the trace of ${first.type} ${first.id}${more}` }];
}

function entityMatches(found: Identified['entity'], stored: readonly string[], isPseudonym: boolean): readonly Match[] {
  const entity = stored.at(-1);
  if (found === undefined || entity === undefined) return [];
  const { decisions, receipts, newestMs } = found;
  const what = isPseudonym ? `customer ${entity} (a pseudonym)` : entity;
  const detail = `${decisions} events that entered scoring, ${receipts} others; the newest of ${minuteOf(newestMs)}`;
  return [{ kind: 'entity', href: `/search?entity=${encodeURIComponent(entity)}`, title: what, detail }];
}

function hintOf(lagRecords: number): string {
  const waiting = lagRecords === 0 ? '' : ` ${lagRecords} records are still on their way: ask again in a moment.`;
  return `Nothing stored is an event, a customer or a trace of this name, letter for letter.${waiting}`;
}
