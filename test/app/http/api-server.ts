import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { expect, onTestFinished } from 'vitest';
import { type Database, ManualClock, Problem, pseudonymOf } from '#core';
import { monthlyQuality } from '#drift';
import { emptyFates } from '#runtime';
import type { ServerDeps } from '../../../app/http/deps.ts';
import { createServer } from '../../../app/http/server.ts';
import { telemetryOff } from '../../../app/http/telemetry-access.ts';
import { Line, type LineProgress } from '../../../app/line.ts';
import { lineOnlyDeps } from '../../support/line-only-deps.ts';
import {
  openShop,
  promoteShopModel,
  SHOP_DEFINITION,
  type Shop,
  type ShopEvent,
  shopRecord,
} from '../../support/shop-pipeline.ts';
import { SHOP_WORKSPACE } from '../../support/shop-workspace.ts';
import { clearTables, storeOutbox } from '../../support/telemetry.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const START_MS = Date.UTC(2011, 0, 1);
const KEY = new TextEncoder().encode('key of the test');
export const pseudonym = (text: string): string => pseudonymOf(KEY, text);

type Schema = TSchema;

export interface Asking {
  /** A 200 that has the form of its schema. */
  get<T>(url: string, schema: Schema): Promise<T>;
  /** The status and the problem. */
  problem(url: string): Promise<{ readonly status: number; readonly code: string; readonly message: string }>;
}

export interface ApiServer extends Asking {
  readonly shop: Shop;
  readonly line: Line;
  readonly server: FastifyInstance;
  /** Runs the events through the pipeline; the outbox goes to the tables. */
  play(events: readonly ShopEvent[]): Promise<void>;
}

/** A shop with a promoted model behind the real server, over the file's ClickHouse; or without telemetry. */
export async function serveShop(database: Database | undefined, change: Partial<ServerDeps> = {}): Promise<ApiServer> {
  const shop = await openShop({ folder: await temporaryFolder() });
  const line = new Line({ ...shop, source: undefined, pipeline: SHOP_DEFINITION });
  if (database !== undefined) await clearTables(database);
  const deps = lineOnlyDeps({ line, workspace: SHOP_WORKSPACE, clock: shop.clock });
  const server = await createServer({ ...deps, ...(database === undefined ? {} : withTelemetry(database)), ...change });
  onTestFinished(() => server.close());
  await promoteShopModel(shop.log, 1, [0, 0]);
  await shop.models.catchUp();
  let played = 0;
  return {
    shop,
    line,
    server,
    play: async (events) => {
      await shop.log.commit({ records: events.map(shopRecord) });
      played += events.length;
      await shop.runUntil(played);
      if (database !== undefined) await storeOutbox(database, shop.log, { ingestedMs: shop.clock.now(), entityOf: pseudonym });
    },
    ...asking(server),
  };
}

/** A server over nothing: for what needs no events. */
export async function serveNothing(change: Partial<ServerDeps> = {}): Promise<Asking & { readonly server: FastifyInstance }> {
  const server = await createServer({ ...quietDeps(), ...change });
  onTestFinished(() => server.close());
  return { server, ...asking(server) };
}

function quietDeps(): ServerDeps {
  const quality = monthlyQuality({ decisions: [], outcomes: [], finalBeforeMs: 0 });
  const progress: LineProgress = {
    published: 0,
    eventsRead: 0,
    eventTimeMs: undefined,
    fates: emptyFates(),
    reasons: {},
    outcomes: { positive: 0, negative: 0, open: 0 },
    isReplayDone: true,
    replay: { state: 'none', speed: undefined },
    happenings: [],
  };
  return {
    clock: new ManualClock(START_MS),
    workspace: SHOP_WORKSPACE,
    log: {
      read: async function* () {},
      lag: async () => [],
    },
    line: {
      progress: () => progress,
      quality: async () => quality,
      liveVersion: () => undefined,
      replay: () => ({ state: 'none', published: 0, total: null, eventTime: null, speed: null }),
    },
    telemetry: telemetryOff(() => 0),
    entities: { isPseudonym: false, entityOf: (text) => text },
    traces: { read: async () => [], receive: async () => ({ status: 200, contentType: 'application/json', body: '{}' }) },
    models: {
      rollback: async () => {
        throw new TypeError('nothing is rolled back here');
      },
    },
    changes: {
      record: async () => {
        throw new TypeError('nothing is recorded here');
      },
    },
    operations: () => undefined,
    webhooks: () => [],
    latest: () => [],
    consoleFolder: '/nowhere',
  };
}

function asking(server: FastifyInstance): Asking {
  return {
    get: async <T>(url: string, schema: Schema) => {
      const { statusCode, body } = await server.inject({ url });
      expect({ url, statusCode, body: statusCode === 200 ? '' : body }).toEqual({ url, statusCode: 200, body: '' });
      const answer: unknown = JSON.parse(body);
      expect([...Value.Errors(schema, answer)]).toEqual([]);
      return answer as T;
    },
    problem: async (url) => {
      const { statusCode, body } = await server.inject({ url });
      const answer: unknown = JSON.parse(body);
      expect([...Value.Errors(Problem, answer)]).toEqual([]);
      return { status: statusCode, ...(answer as { code: string; message: string }) };
    },
  };
}

function withTelemetry(database: Database): Partial<ServerDeps> {
  return {
    telemetry: {
      database: () => database,
      status: () => ({ status: 'ok', engine: 'embedded', lagRecords: 0, problem: null }),
    },
    entities: { isPseudonym: true, entityOf: pseudonym },
  };
}

export const Anything = Type.Unknown();
