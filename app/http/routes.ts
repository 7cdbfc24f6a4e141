import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Problem } from '#core';
import type { ApiContext } from './context.ts';

/** A plugin of routes. */
export type Api = FastifyPluginAsyncTypebox<ApiContext>;

/** Every route's failures. */
export const PROBLEMS = { '4xx': Problem, '5xx': Problem } as const;
