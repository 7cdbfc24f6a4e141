import Type from 'typebox';
import { CauseDeclaration, IncidentAnswer, IncidentList, IncidentNote } from '#core';
import type { IncidentDocument } from '#runbooks';
import { incidentAnswerOf, incidentSummaryOf } from '../views/incident-view.ts';
import type { ApiContext } from './context.ts';
import { operationsOf } from './operations-access.ts';
import { type Api, PROBLEMS } from './routes.ts';

const NO_QUERY = Type.Object({}, { additionalProperties: false });
const Start = Type.Object(
  { startsAt: Type.Optional(Type.String({ format: 'date-time', description: 'The one that began then; default: the newest.' })) },
  { additionalProperties: false },
);
const Fingerprint = Type.Object({ fingerprint: Type.String({ pattern: '^[0-9a-f]{16}$', description: 'Of its alert.' }) });
const MAX_INCIDENTS = 200;
const NAME = '/api/incidents/:fingerprint';

/** Incidents, and what people do about them: each step is a fact of the control topic. */
export const incidentsApi: Api = async (server, context) => {
  // A page elsewhere can have a browser send text unasked, but not JSON.
  server.removeContentTypeParser('text/plain');
  server.get(
    '/api/incidents',
    { schema: { summary: 'Incidents, open ones first', querystring: NO_QUERY, response: { 200: IncidentList, ...PROBLEMS } } },
    async () => ({
      incidents: operationsOf(context)
        .incidents.list()
        .slice(0, MAX_INCIDENTS)
        .map((incident) => incidentSummaryOf(incident, context.workspace)),
    }),
  );
  server.get(
    NAME,
    {
      schema: {
        summary:
          'An incident: what broke, the hypotheses with their evidence, the runbook’s checks, exemplars, changes around it',
        params: Fingerprint,
        querystring: Start,
        response: { 200: IncidentAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { fingerprint }, query: { startsAt } }) =>
      answerOf(context, operationsOf(context).incidents.get(nameOf(fingerprint, startsAt))),
  );
  server.post(
    `${NAME}/acknowledge`,
    noted('Say that somebody looks into it'),
    async ({ params: { fingerprint }, body: { startsAt, ...note } }) =>
      answerOf(context, await operationsOf(context).incidents.acknowledge(nameOf(fingerprint, startsAt), note)),
  );
  server.post(`${NAME}/resolve`, noted('Say that it is over'), async ({ params: { fingerprint }, body: { startsAt, ...note } }) =>
    answerOf(context, await operationsOf(context).incidents.resolve(nameOf(fingerprint, startsAt), note)),
  );
  server.post(
    `${NAME}/cause`,
    {
      schema: {
        summary: 'Declare what it was',
        params: Fingerprint,
        querystring: NO_QUERY,
        body: CauseDeclaration,
        response: { 200: IncidentAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { fingerprint }, body: { startsAt, ...cause } }) =>
      answerOf(context, await operationsOf(context).incidents.declareCause(nameOf(fingerprint, startsAt), cause)),
  );
};

function noted(summary: string) {
  return {
    schema: {
      summary,
      params: Fingerprint,
      querystring: NO_QUERY,
      body: IncidentNote,
      response: { 200: IncidentAnswer, ...PROBLEMS },
    },
  };
}

function nameOf(fingerprint: string, startsAt: string | undefined) {
  return { fingerprint, ...(startsAt === undefined ? {} : { startsAtMs: Date.parse(startsAt) }) };
}

function answerOf(context: ApiContext, incident: IncidentDocument): IncidentAnswer {
  const { incidents, evaluator } = operationsOf(context);
  const others = incidents.list().filter(({ fingerprint }) => fingerprint === incident.fingerprint);
  const rules = evaluator.ruleStates().map(({ rule }) => rule);
  return incidentAnswerOf(incident, { workspace: context.workspace, rules, others });
}
