import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Health } from '#core';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Anything, START_MS, serveNothing, serveShop } from './api-server.ts';

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

describe('the web server', () => {
  test('tells what became of the events, from memory alone', async () => {
    const { play, get } = await serveShop(undefined);
    await play([
      { id: '1', type: 'bought', customer: 'ann', amount: 5, timeMs: START_MS },
      { id: '2', type: 'bought', customer: 'ann', amount: -5, timeMs: START_MS },
    ]);
    expect(await get('/api/fates', Anything)).toMatchObject({
      eventsRead: 2,
      fates: { scored: 1, quarantined: 1 },
      reasons: { 'contract: bought /amount exclusiveMinimum': 1 },
      outcomes: { open: 1 },
    });
    expect(await get('/api/quality', Anything)).toMatchObject({
      months: [{ month: '2011-01', scored: 1, open: 1 }],
      total: { scored: 1, matured: 0 },
    });
    expect(await get('/api/health', Health)).toMatchObject({
      status: 'ok',
      workspace: 'shop',
      problems: [],
      eventsRead: 2,
      telemetry: { status: 'off' },
      replay: { state: 'none', eventTime: null },
    });
  });

  test('answers a failure with its code, and goes on', async () => {
    const { shop, problem, get } = await serveShop(undefined);
    await shop.close();
    expect(await problem('/api/quality')).toMatchObject({ status: 409, code: 'BROKER_CLOSED' });
    await get('/api/fates', Anything);
  });

  test.each([
    ['/api/nothing', 404, 'APP_NOT_FOUND', /there is nothing at GET \/api\/nothing; GET \/api\/openapi\.json lists/u],
    ['/api/health?page=2', 400, 'APP_REQUEST_INVALID', /\/api\/health has no query parameter "page": it takes none/u],
    ['/api/journeys?lmit=3', 400, 'APP_REQUEST_INVALID', /no query parameter "lmit": did you mean 'limit'\?/u],
    ['/api/journeys?limit=500', 400, 'APP_REQUEST_INVALID', /'limit' in the query is 500 but must be <= 200/u],
    [
      '/api/journeys?limit=1&limit=2',
      400,
      'APP_REQUEST_INVALID',
      /'limit' in the query is a list of 2 but must be a whole number/u,
    ],
    [
      '/api/journeys?fate=scord',
      400,
      'APP_REQUEST_INVALID',
      /'fate' in the query is "scord" but must be one of .*: did you mean scored\?/u,
    ],
    ['/api/journeys?from=yesterday', 400, 'APP_REQUEST_INVALID', /must be a date-time, such as 2011-12-01T00:00:00Z/u],
    ['/api/traces/xyz', 400, 'APP_REQUEST_INVALID', /'traceId' in the path is "xyz" but must match/u],
    ['/api/find', 400, 'APP_REQUEST_INVALID', /the query must have the property 'q'/u],
    ['/api/%E0%A4%A', 400, 'APP_REQUEST_INVALID', /./u],
    ['/api/events/1', 503, 'APP_TELEMETRY_OFF', /switch it on in throughline\.yaml/u],
    ['/api/journeys', 503, 'APP_TELEMETRY_OFF', /telemetry is switched off/u],
    ['/api/pipelines', 503, 'APP_TELEMETRY_OFF', /telemetry is switched off/u],
    ['/api/timeline', 503, 'APP_TELEMETRY_OFF', /telemetry is switched off/u],
    ['/api/find?q=1', 503, 'APP_TELEMETRY_OFF', /telemetry is switched off/u],
    [`/api/traces/${'0'.repeat(32)}`, 503, 'APP_TELEMETRY_OFF', /telemetry is switched off/u],
  ])('refuses %s with %i %s', async (url, status, code, message) => {
    const { problem } = await serveNothing();
    expect(await problem(url)).toEqual({ status, code, message: expect.stringMatching(message) });
  });

  test('says that the store is away, how much waits, and that scoring goes on', async () => {
    const status = { status: 'unavailable', engine: 'embedded', lagRecords: 12, problem: 'the engine ended (SIGKILL)' } as const;
    const { problem, get } = await serveNothing({ telemetry: { database: () => undefined, status: () => status } });
    expect(await problem('/api/journeys')).toEqual({
      status: 503,
      code: 'APP_TELEMETRY_UNAVAILABLE',
      message: expect.stringMatching(/the engine ended \(SIGKILL\); scoring goes on, 12 records wait in the outbox/u),
    });
    expect(await get('/api/health', Health)).toMatchObject({ status: 'degraded', problems: ['the engine ended (SIGKILL)'] });
  });
});

describe('a browser that visits pages from elsewhere', () => {
  test.each(['evil.example', '192.168.0.7:7070', 'localhost.evil.example', '127.0.0.1.nip.io'])(
    'cannot get here as host %j',
    async (host) => {
      const { server } = await serveNothing();
      const { statusCode, body } = await server.inject({ url: '/api/health', headers: { host } });
      expect({ statusCode, code: (JSON.parse(body) as { code: string }).code }).toEqual({
        statusCode: 403,
        code: 'APP_HOST_REFUSED',
      });
    },
  );

  test.each(['localhost:7070', '127.0.0.1:7070', '[::1]:7070', '127.9.9.9', 'throughline.localhost:80'])(
    'gets here as host %j',
    async (host) => {
      const { server } = await serveNothing();
      expect((await server.inject({ url: '/api/health', headers: { host } })).statusCode).toBe(200);
    },
  );

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://localhost:5173', 503],
    [undefined, 503],
  ])('sends something from origin %j: %i', async (origin, status) => {
    const { server } = await serveNothing();
    const headers = { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) };
    expect((await server.inject({ method: 'POST', url: '/v1/traces', headers, payload: '{}' })).statusCode).toBe(status);
  });
});

describe('the console', () => {
  async function builtConsole(): Promise<string> {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'assets'));
    await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>console</title>');
    const script = 'console.log(1)';
    await writeFile(path.join(folder, 'assets/entry-abc.js'), script);
    await writeFile(path.join(folder, 'assets/entry-abc.js.br'), brotliCompressSync(script));
    await writeFile(path.join(folder, 'assets/entry-abc.js.gz'), gzipSync(script));
    return folder;
  }

  test('is served at / and at each address of its own, never from a cache without asking', async () => {
    const { server } = await serveNothing({ consoleFolder: await builtConsole() });
    for (const url of ['/', '/events/some.id.with.dots', '/search?fate=scored', '/traces/1']) {
      const { statusCode, body, headers } = await server.inject({ url, headers: { accept: 'text/html,*/*' } });
      expect({ url, statusCode, body }).toEqual({ url, statusCode: 200, body: expect.stringContaining('console') });
      expect(headers).toMatchObject({ 'cache-control': 'public, max-age=0', 'x-content-type-options': 'nosniff' });
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
    }
  });

  test.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ])('sends hashed files for ever, compressed as asked (%s)', async (accept, encoding) => {
    const { server } = await serveNothing({ consoleFolder: await builtConsole() });
    const { headers, statusCode } = await server.inject({ url: '/assets/entry-abc.js', headers: { 'accept-encoding': accept } });
    expect({ statusCode, encoding: headers['content-encoding'] }).toEqual({ statusCode: 200, encoding });
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toContain('javascript');
  });

  test('a file that is not there, a path out of the folder and an unknown API path are problems, not pages', async () => {
    const { problem, server } = await serveNothing({ consoleFolder: await builtConsole() });
    for (const url of ['/assets/gone-123.js', '/..%2f..%2fetc/passwd', '/%2e%2e/secret'])
      expect(await problem(url)).toMatchObject({ code: expect.stringMatching(/APP_NOT_FOUND|APP_REQUEST_INVALID/u) });
    const { statusCode } = await server.inject({ url: '/api/nothing', headers: { accept: 'text/html' } });
    expect(statusCode).toBe(404);
  });

  test('that is not built says what to do', async () => {
    const { server } = await serveNothing({ consoleFolder: '/nowhere' });
    for (const url of ['/', '/events/1']) {
      const { statusCode, body } = await server.inject({ url, headers: { accept: 'text/html' } });
      expect({ statusCode, body }).toEqual({ statusCode: 200, body: expect.stringContaining('npm run build') });
    }
  });
});

describe('the description of the API', () => {
  test('has a summary and both kinds of problems for every route', async () => {
    const { get } = await serveNothing();
    const document = await get<OpenApi>('/api/openapi.json', Anything);
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/api/alerts',
      '/api/changes',
      '/api/drift',
      '/api/drift/{job}',
      '/api/drift/{job}/distribution',
      '/api/events/{id}',
      '/api/fates',
      '/api/find',
      '/api/health',
      '/api/incidents',
      '/api/incidents/{fingerprint}',
      '/api/incidents/{fingerprint}/acknowledge',
      '/api/incidents/{fingerprint}/cause',
      '/api/incidents/{fingerprint}/resolve',
      '/api/journeys',
      '/api/models',
      '/api/models/{name}',
      '/api/models/{name}/rollback',
      '/api/pipelines',
      '/api/quality',
      '/api/runbooks',
      '/api/runbooks/{alert}',
      '/api/slos',
      '/api/stream',
      '/api/teams/{name}',
      '/api/timeline',
      '/api/traces/{traceId}',
      '/metrics',
      '/v1/traces',
    ]);
    for (const route of Object.values(document.paths).flatMap((methods) => Object.values(methods)))
      expect(route).toMatchObject({ summary: expect.any(String), responses: { '4XX': {}, '5XX': {}, 200: {} } });
  });
});
