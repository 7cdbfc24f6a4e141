import fastifySwagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { VERSION } from '#core';
import { alertsApi } from './alerts-api.ts';
import { changesApi } from './changes-api.ts';
import { serveConsole } from './console-files.ts';
import { createContext } from './context.ts';
import type { ServerDeps } from './deps.ts';
import { driftApi } from './drift-api.ts';
import { eventsApi } from './events-api.ts';
import { findApi } from './find-api.ts';
import { guardLoopback } from './guard.ts';
import { incidentsApi } from './incidents-api.ts';
import { lineApi } from './line-api.ts';
import { metricsApi } from './metrics-api.ts';
import { modelsApi } from './models-api.ts';
import { pipelinesApi } from './pipelines-api.ts';
import { answerBadAddress, answerFailure } from './problems.ts';
import { runbooksApi } from './runbooks-api.ts';
import { streamApi } from './stream-api.ts';
import { timelineApi } from './timeline-api.ts';
import { tracesApi } from './traces-api.ts';

/** Of a roll-back's; POST /v1/traces has a limit of its own. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** Longer than any event id that is looked up, so that it is refused with a sentence and not by the router. */
const MAX_PARAM_LENGTH = 4096;

const APIS = [
  lineApi,
  eventsApi,
  findApi,
  pipelinesApi,
  modelsApi,
  driftApi,
  timelineApi,
  changesApi,
  alertsApi,
  incidentsApi,
  runbooksApi,
  metricsApi,
  tracesApi,
  streamApi,
];

/** The console's and API's server, without listening: every failure is `{ code, message }`. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const server = Fastify({
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT_BYTES,
    frameworkErrors: answerBadAddress,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // Parameters are read as their types; none is dropped or made up.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, useDefaults: false } },
  });
  // Answers are made to their schemas by the compiler; cutting them to size again at run time would only hide a mistake.
  server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  server.setErrorHandler(answerFailure);
  server.addHook('onRequest', guardLoopback);
  await server.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Throughline',
        version: VERSION,
        description:
          'Journeys of events: event → contract → features → prediction → outcome. Every failure is `{ code, message }`.',
      },
    },
  });
  const context = createContext(deps);
  for (const api of APIS) await server.register(api, context);
  server.get('/api/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  await serveConsole(server, deps.consoleFolder);
  return server;
}
