import Fastify, { type FastifyInstance } from 'fastify';
import { messageOf, ThroughlineError } from '#core';
import { appError } from '../errors.ts';
import type { ServerDeps } from './deps.ts';
import { homePage } from './home-page.ts';
import { lineApi } from './line-api.ts';

/** The console's and API's server, without listening: every error is `{ code, message }`. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const server = Fastify({ forceCloseConnections: true });
  server.setNotFoundHandler((request, reply) => {
    const error = appError(
      'APP_NOT_FOUND',
      `there is nothing at ${request.url}; GET /api/health, /api/fates and /api/quality are here`,
    );
    return reply.status(error.status).send({ code: error.code, message: error.message });
  });
  server.setErrorHandler((thrown, _request, reply) => {
    const error = thrown instanceof ThroughlineError ? thrown : appError('APP_INTERNAL', messageOf(thrown), { cause: thrown });
    return reply.status(error.status).send({ code: error.code, message: error.message });
  });
  await server.register(lineApi, deps);
  await server.register(homePage, deps);
  return server;
}
