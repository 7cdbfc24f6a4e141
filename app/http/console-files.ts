import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { appError } from '../errors.ts';

const INDEX = 'index.html';
/** Files whose name holds a fingerprint of what is in them: the same name is the same file for ever. */
const HASHED = { prefix: '/assets/', maxAge: 31_536_000_000, immutable: true } as const;

/** Nothing from elsewhere, nothing in a frame, no script and no style that is not a file of ours. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const NOT_BUILT =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Throughline</title></head><body><p>The console is not built: run <code>npm run build</code> and reload. The API is at <a href="/api/health">/api/health</a>, and described at <a href="/api/openapi.json">/api/openapi.json</a>.</p></body></html>';

/** The console's files at /, its page for every address of its own, and the answer to whatever is nowhere. */
export async function serveConsole(server: FastifyInstance, folder: string): Promise<void> {
  const isBuilt = existsSync(path.join(folder, INDEX));
  server.addHook('onRequest', (_request, { raw }, done) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) raw.setHeader(name, value);
    done();
  });
  if (isBuilt) {
    const files = { preCompressed: true, schemaHide: true } as const;
    await server.register(fastifyStatic, { ...files, root: folder, maxAge: 0 });
    await server.register(fastifyStatic, { ...files, ...HASHED, root: path.join(folder, 'assets'), decorateReply: false });
  } else server.get('/', { schema: { hide: true } }, async (_request, reply) => sendNotBuilt(reply));
  server.setNotFoundHandler(async (request, reply) => {
    if (!isPage(request)) throw nothingAt(request);
    return isBuilt ? reply.sendFile(INDEX) : sendNotBuilt(reply);
  });
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(NOT_BUILT);
}

/** Addresses of the console have no dot in their last part; what asks for a page says that it takes HTML. */
function isPage({ method, url, headers: { accept } }: FastifyRequest): boolean {
  const { pathname } = new URL(url, 'http://localhost');
  const isApi = /^\/(?:api|v1)(?:\/|$)/u.test(pathname);
  return (method === 'GET' || method === 'HEAD') && !isApi && accept?.includes('text/html') === true;
}

function nothingAt({ method, url }: FastifyRequest): ReturnType<typeof appError> {
  return appError('APP_NOT_FOUND', `there is nothing at ${method} ${url}; GET /api/openapi.json lists what there is`);
}
