import type { FastifyRequest } from 'fastify';
import { appError } from '../errors.ts';

const LOOPBACK = /^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * There is no authentication on loopback, but a browser on this machine visits pages from elsewhere: they may not get here under
 * a name that they made point to this machine, nor send anything here. Throws APP_HOST_REFUSED, APP_ORIGIN_REFUSED.
 */
export async function guardLoopback(request: FastifyRequest): Promise<void> {
  const { host } = request.headers;
  if (host === undefined || !isLoopback(`http://${host}`))
    throw appError(
      'APP_HOST_REFUSED',
      `the request is for host ${host ?? '(none)'}, and only this machine is served: ask for localhost or 127.0.0.1`,
    );
  if (!READING.has(request.method)) refuseForeignOrigin(request);
}

function refuseForeignOrigin({ headers: { origin } }: FastifyRequest): void {
  if (origin === undefined || isLoopback(origin)) return;
  throw appError('APP_ORIGIN_REFUSED', `a page of ${origin} may not send anything here: only pages of this machine may`);
}

function isLoopback(address: string): boolean {
  return URL.canParse(address) && LOOPBACK.test(new URL(address).hostname);
}
