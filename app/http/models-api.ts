import Type from 'typebox';
import { readModelFacts } from '#collector';
import { CONTROL_TYPES, ModelAnswer, ModelList, type ModelPromoted, RollbackAnswer, RollbackRequest } from '#core';
import { readControlFacts } from '../control-facts.ts';
import { appError } from '../errors.ts';
import { modelAnswerOf, modelSummaryOf } from '../views/model-view.ts';
import type { ApiContext } from './context.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

const NO_QUERY = Type.Object({}, { additionalProperties: false });
const Name = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200, description: 'A model of the workspace.' }) });

/** The line of models: GET /api/models, GET /api/models/:name, POST /api/models/:name/rollback. */
export const modelsApi: Api = async (server, context) => {
  server.get(
    '/api/models',
    {
      schema: {
        summary: 'The workspace’s models: which version decides, which is on trial, and what changed last',
        querystring: NO_QUERY,
        response: { 200: ModelList, ...PROBLEMS },
      },
    },
    async () => listModels(context),
  );
  server.get(
    '/api/models/:name',
    {
      schema: {
        summary:
          'A model: its versions with lineage and gate, its trainings, and its quality by month beside the frozen first version',
        params: Name,
        querystring: NO_QUERY,
        response: { 200: ModelAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { name } }) => answerModel(context, name),
  );
  // A page elsewhere can have a browser send text unasked, but not JSON.
  server.removeContentTypeParser('text/plain');
  server.post(
    '/api/models/:name/rollback',
    {
      schema: {
        summary: 'Go back to a version that decided before: a fact of the control topic, with a reason and who gave it',
        params: Name,
        querystring: NO_QUERY,
        body: RollbackRequest,
        response: { 200: RollbackAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { name }, body }) => {
      await checkRollback(context, name, body.to);
      return context.models.rollback(name, body);
    },
  );
};

async function listModels({ telemetry, index }: ApiContext): Promise<ModelList> {
  const names = index.models.map(({ file }) => file.model);
  const facts = await readModelFacts(databaseOf(telemetry), names);
  const factsOf = (name: string) => facts.filter(({ fact }) => modelOf(fact) === name);
  return { models: index.models.map((info) => modelSummaryOf(info, factsOf(info.file.model))) };
}

async function answerModel({ telemetry, index, line }: ApiContext, name: string): Promise<ModelAnswer> {
  const info = index.model(name);
  const [facts, quality] = await Promise.all([readModelFacts(databaseOf(telemetry), [name]), line.quality()]);
  return modelAnswerOf(info, { facts, quality });
}

function modelOf(fact: { readonly name: string } | { readonly model: string }): string {
  return 'name' in fact ? fact.name : fact.model;
}

/** Throws APP_MODEL_UNKNOWN; APP_ROLLBACK_REFUSED where there is no such version to go back to. The log is asked: the store may be behind it, or off. */
async function checkRollback({ log, index }: ApiContext, name: string, to: number | undefined): Promise<void> {
  index.model(name);
  const decided: number[] = [];
  for await (const { fact } of readControlFacts<ModelPromoted>(log, CONTROL_TYPES.modelPromoted))
    if (fact.name === name) decided.push(fact.version);
  const live = decided.at(-1);
  if (live === undefined)
    throw appError('APP_ROLLBACK_REFUSED', `no version of ${name} decides yet: there is nothing to go back from`);
  const others = [...new Set(decided)].filter((version) => version !== live).sort((a, b) => b - a);
  if (others.length === 0)
    throw appError('APP_ROLLBACK_REFUSED', `${name} v${live} is the only version that ever decided: there is none to go back to`);
  if (to === undefined || others.includes(to)) return;
  const why = to === live ? 'decides already' : 'has never decided';
  const known = others.map((version) => `v${version}`).join(', ');
  throw appError('APP_ROLLBACK_REFUSED', `${name} v${to} ${why}: a roll-back may go to ${known}`);
}
