import Type from 'typebox';
import {
  findDistribution,
  MAX_DRIFT_WINDOWS,
  readAlarmWindows,
  readDriftFacts,
  readDriftResults,
  readJobProgress,
  readModelFacts,
} from '#collector';
import { DistributionAnswer, DriftAnswer, DriftList } from '#core';
import { appError } from '../errors.ts';
import { distributionAnswerOf, driftAnswerOf, driftListOf } from '../views/drift-view.ts';
import { modelLineOf } from '../views/model-line.ts';
import type { ApiContext } from './context.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

const DEFAULT_WINDOWS = 60;
const closed = { additionalProperties: false } as const;
const Job = Type.Object({ job: Type.String({ minLength: 1, maxLength: 200, description: 'A drift job of the workspace.' }) });
const Windows = Type.Object(
  {
    windows: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_DRIFT_WINDOWS, description: 'The newest so many windows; default 60.' }),
    ),
  },
  closed,
);
const Cell = Type.Object(
  {
    target: Type.String({ minLength: 1, maxLength: 300, description: 'view.name of a feature, or score.' }),
    to: Type.String({ format: 'date-time', description: 'The window’s end, event time.' }),
  },
  closed,
);

/** What drift jobs measured: GET /api/drift, GET /api/drift/:job, GET /api/drift/:job/distribution. */
export const driftApi: Api = async (server, context) => {
  server.get(
    '/api/drift',
    {
      schema: {
        summary: 'The workspace’s drift jobs, how far each has come, and how many alarms and findings are open',
        querystring: Type.Object({}, closed),
        response: { 200: DriftList, ...PROBLEMS },
      },
    },
    async () => listJobs(context),
  );
  server.get(
    '/api/drift/:job',
    {
      schema: {
        summary: 'Targets by windows, alarms and what followed from them, and fields that mean something else',
        params: Job,
        querystring: Windows,
        response: { 200: DriftAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { job }, query: { windows = DEFAULT_WINDOWS } }) => answerJob(context, { job, windows }),
  );
  server.get(
    '/api/drift/:job/distribution',
    {
      schema: {
        summary: 'A target’s values in one window beside the reference’s, in the bins of its psi',
        params: Job,
        querystring: Cell,
        response: { 200: DistributionAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { job }, query }) => answerDistribution(context, { job, ...query }),
  );
};

async function listJobs({ telemetry, index }: ApiContext): Promise<DriftList> {
  const database = databaseOf(telemetry);
  const jobs = index.jobs.map(({ file }) => file.job);
  const pipelines = [...new Set(index.jobs.map(({ file }) => file.pipeline))];
  const [progress, ...facts] = await Promise.all([
    readJobProgress(database, jobs),
    ...pipelines.map((pipeline) => readDriftFacts(database, pipeline)),
  ]);
  return driftListOf(index.jobs, { progress, facts: facts.flat() });
}

async function answerJob(
  { telemetry, index }: ApiContext,
  question: { readonly job: string; readonly windows: number },
): Promise<DriftAnswer> {
  const info = index.job(question.job);
  const database = databaseOf(telemetry);
  const [results, alarms, facts, models] = await Promise.all([
    readDriftResults(database, question),
    readAlarmWindows(database, question.job),
    readDriftFacts(database, info.file.pipeline),
    readModelFacts(database, [info.model]),
  ]);
  return driftAnswerOf(info, { results, alarms, facts, trainings: modelLineOf(models).trainings });
}

async function answerDistribution(
  { telemetry, index }: ApiContext,
  { job, target, to }: { readonly job: string; readonly target: string; readonly to: string },
): Promise<DistributionAnswer> {
  index.job(job);
  const found = await findDistribution(databaseOf(telemetry), { job, target, toMs: Date.parse(to) });
  if (found !== undefined) return distributionAnswerOf(target, found);
  const sentence = `${job} has no distribution of ${target} in a window that ends at ${to}: GET /api/drift/${job} has its windows and targets; where psi could not be computed, it says why`;
  throw appError('APP_WINDOW_UNKNOWN', sentence);
}
