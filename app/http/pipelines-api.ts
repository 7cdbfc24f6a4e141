import Type from 'typebox';
import { readLatency, readThroughput, type ThroughputMinute } from '#collector';
import { type Database, PipelineList, type PipelineSummary } from '#core';
import { pipelineSummaryOf } from '../views/pipeline-view.ts';
import type { PipelineInfo } from '../views/workspace-index.ts';
import type { ApiContext } from './context.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

/** Where a window holds too few decisions, the next one is taken: 15 minutes, an hour, a day. */
const WINDOWS_SECONDS = [900, 3600, 86_400];
const Query = Type.Object(
  {
    windowMinutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1440,
        description: 'Window of the latency; default 15, or more where too little came.',
      }),
    ),
  },
  { additionalProperties: false },
);

interface Window {
  readonly database: Database;
  readonly windowsSeconds: readonly number[];
}

/** Pipelines against their latency budgets: GET /api/pipelines. */
export const pipelinesApi: Api = async (server, context) => {
  server.get(
    '/api/pipelines',
    {
      schema: {
        summary: 'Each pipeline against its latency budget, its throughput and its fates',
        querystring: Query,
        response: { 200: PipelineList, ...PROBLEMS },
      },
    },
    async ({ query: { windowMinutes } }) => {
      const windowsSeconds = windowMinutes === undefined ? WINDOWS_SECONDS : [windowMinutes * 60];
      const window = { database: databaseOf(context.telemetry), windowsSeconds };
      return { pipelines: await Promise.all(context.index.pipelines.map((info) => summarise(context, info, window))) };
    },
  );
};

async function summarise(
  context: ApiContext,
  info: PipelineInfo,
  { database, windowsSeconds }: Window,
): Promise<PipelineSummary> {
  const { clock, log, line, rate } = context;
  const { name, topic } = info.definition;
  const question = { pipeline: name, nowMs: clock.now() };
  const progress = line.progress();
  const [window, minutes, lags] = await Promise.all([
    readLatency(database, { ...question, windowsSeconds, breachUs: info.budget.p99Ms * 1000 }),
    readThroughput(database, question),
    log.lag(name, topic),
  ]);
  return pipelineSummaryOf({
    info,
    progress,
    liveVersion: line.liveVersion(name),
    window,
    minutes,
    eventsPerSecond: rate.take(progress.eventsRead) ?? rateOf(minutes),
    lagEvents: lags.reduce((sum, { lagRecords }) => sum + lagRecords, 0),
  });
}

/** Of the last whole minute, where nobody has watched for long enough. */
function rateOf(minutes: readonly ThroughputMinute[]): number {
  return (minutes.at(-2)?.events ?? 0) / 60;
}
