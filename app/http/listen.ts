import type { FastifyInstance } from 'fastify';
import { messageOf } from '#core';
import { appError } from '../errors.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** A port that a person asked for is used or refused; a default gives way to the next free one. */
  readonly asked: boolean;
  /** Where to change it, for the sentence. */
  readonly setting: string;
}

/** How many ports after a taken default are tried. */
const NEXT_PORTS = 20;

/** Listens; returns the port taken. Throws APP_PORT_TAKEN. */
export async function listen(server: FastifyInstance, options: ListenOptions): Promise<number> {
  const { host, port, asked } = options;
  const last = asked || port === 0 ? port : port + NEXT_PORTS;
  for (let candidate = port; candidate <= last; candidate++) {
    try {
      await server.listen({ host, port: candidate });
      const address = server.server.address();
      return typeof address === 'object' && address !== null ? address.port : candidate;
    } catch (error) {
      if (!isTaken(error))
        throw appError('APP_PORT_TAKEN', `cannot listen on ${host}:${candidate}: ${messageOf(error)}`, { cause: error });
    }
  }
  const sentence = asked
    ? `port ${port} on ${host} is taken by another program: stop it, or ask for another port with ${options.setting}`
    : `ports ${port} to ${last} on ${host} are all taken: ask for a free one with ${options.setting}`;
  throw appError('APP_PORT_TAKEN', sentence);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
