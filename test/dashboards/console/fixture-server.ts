import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { CauseDeclaration, IncidentNote, IncidentSummary, RollbackRequest } from '#core';
import { consoleFolder } from '#dashboards';
import { alerts, slos } from './answers/alerts.ts';
import { distribution, driftAnswer, drifts } from './answers/drift.ts';
import { type IncidentState, incidentAnswer, incidents } from './answers/incidents.ts';
import { findJourney } from './answers/journeys.ts';
import { modelAnswer, models, rollbackAnswer } from './answers/models.ts';
import { health, pipelines, type Scenario, streamTick, timeline } from './answers/overview.ts';
import { find, findReceipt, journeyPage } from './answers/receipts.ts';
import { runbookAnswer, runbooks, teamAnswer } from './answers/runbooks.ts';

const TICK_MS = 500;
const MEDIA: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** As strict as the console is written for: nothing inline, nothing from elsewhere. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The built console and canned answers, in the place of a line that has the state a test wants. */
export interface FixtureServer {
  readonly url: string;
  scenario: Scenario;
  /** As after a roll-back to this version; undefined as before any. */
  rolledBackTo: number | undefined;
  /** The incident that is a moment old is diagnosed by now. */
  isDiagnosed: boolean;
  /** What was posted to incidents, oldest first. */
  readonly posted: { readonly path: string; readonly body: unknown }[];
  /** Incidents stand as they did at first. */
  forgetWhatWasSaid(): void;
  /** Paths whose requests fail with 503, as when the server is in trouble. */
  readonly failing: Set<string>;
  /** Ends open streams and refuses new ones until it is true again. */
  setStreaming(isStreaming: boolean): void;
  close(): Promise<void>;
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const problem = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } });
const AWAY = problem(
  503,
  'APP_TELEMETRY_UNAVAILABLE',
  'The telemetry store does not answer, so journeys cannot be read. Scoring goes on.',
);

interface State {
  scenario: Scenario;
  /** Of the newest roll-back that was asked for. */
  rolledBackTo: number | undefined;
  isDiagnosed: boolean;
  /** What was said to incidents, by fingerprint. */
  readonly said: Map<string, Partial<IncidentSummary>>;
  readonly posted: { readonly path: string; readonly body: unknown }[];
}

function answerTo({ pathname, searchParams }: URL, state: State): Answer {
  const { scenario, rolledBackTo } = state;
  const [, , collection = '', encoded = '', part = ''] = pathname.split('/');
  const name = decodeURIComponent(encoded);
  const answers: Readonly<Record<string, () => Answer>> = {
    health: () => ok(health(scenario)),
    pipelines: () => ok(pipelines(scenario)),
    timeline: () => ok(timeline(scenario)),
    journeys: () => ok(journeyPage(searchParams)),
    find: () => ok(find(searchParams.get('q') ?? '')),
    events: () => eventAnswer(name),
    traces: () => traceAnswer(name),
    models: () => (name === '' ? ok(models(scenario)) : modelOf(modelAnswer(name, scenario, rolledBackTo), name)),
    incidents: () => (name === '' ? ok(incidents(scenario, state)) : incidentOf(name, searchParams, state)),
    alerts: () => ok(alerts(scenario)),
    slos: () => ok(slos(scenario)),
    runbooks: () => (name === '' ? ok(runbooks()) : runbookOf(name, scenario)),
    teams: () => teamOf(name, scenario),
    drift: () => (part === 'distribution' ? distributionOf(searchParams) : driftOf(name, scenario)),
  };
  return answers[collection]?.() ?? problem(404, 'APP_ADDRESS_UNKNOWN', `There is nothing at ${pathname}.`);
}

function incidentOf(fingerprint: string, search: URLSearchParams, state: IncidentState): Answer {
  const found = incidentAnswer(fingerprint, { startsAt: search.get('startsAt') ?? undefined, state });
  return found === undefined
    ? problem(404, 'RUNBOOKS_INCIDENT_UNKNOWN', `No alert of fingerprint ${fingerprint} has fired.`)
    : ok(found);
}

function runbookOf(alert: string, scenario: Scenario): Answer {
  const found = runbookAnswer(alert, scenario);
  return found === undefined ? problem(404, 'RUNBOOKS_PAGE_UNKNOWN', `The workspace has no runbook ${alert}.`) : ok(found);
}

function teamOf(name: string, scenario: Scenario): Answer {
  const found = teamAnswer(name, scenario);
  return found === undefined ? problem(404, 'APP_TEAM_UNKNOWN', `The workspace declares no team ${name}.`) : ok(found);
}

function eventAnswer(id: string): Answer {
  const found = findJourney(id) ?? findReceipt(id);
  if (found !== undefined) return ok(found);
  return problem(
    404,
    'APP_EVENT_UNKNOWN',
    `No event ${id} has been read. Ids are those of the producer, such as 536365:completed.`,
  );
}

function modelOf(found: object | undefined, name: string): Answer {
  return found === undefined ? problem(404, 'APP_MODEL_UNKNOWN', `The workspace has no model ${name}.`) : ok(found);
}

function driftOf(job: string, scenario: Scenario): Answer {
  if (job === '') return ok(drifts(scenario));
  const found = driftAnswer(job, scenario);
  return found === undefined ? problem(404, 'APP_DRIFT_JOB_UNKNOWN', `The workspace has no drift job ${job}.`) : ok(found);
}

function distributionOf(search: URLSearchParams): Answer {
  const found = distribution(search.get('target') ?? '', search.get('to') ?? '');
  return found === undefined
    ? problem(404, 'APP_DISTRIBUTION_UNKNOWN', 'No distribution is kept of this target and window.')
    : ok(found);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

/** What a person says to an incident: refused where their name says so, else it stands from then on. */
async function sayTo(pathname: string, request: IncomingMessage, state: State): Promise<Answer> {
  const body = (await bodyOf(request)) as IncidentNote & CauseDeclaration;
  const [, , , fingerprint = '', action = ''] = pathname.split('/');
  const { actor, cause } = body;
  if (actor === 'nobody') return problem(409, 'RUNBOOKS_INCIDENT_RESOLVED', 'It is resolved already. Nothing was changed.');
  state.posted.push({ path: pathname, body });
  const changes: Readonly<Record<string, Partial<IncidentSummary>>> = {
    acknowledge: { state: 'acknowledged', acknowledgedBy: actor },
    cause: { declaredCause: { cause, actor } },
    resolve: { state: 'resolved' },
  };
  state.said.set(fingerprint, { ...state.said.get(fingerprint), ...changes[action] });
  return ok(incidentAnswer(fingerprint, { state }));
}

/** A roll-back: refused where its reason says so, else done. */
async function rollBack(request: IncomingMessage, state: State): Promise<Answer> {
  const { to, reason } = (await bodyOf(request)) as RollbackRequest;
  if (/refuse/u.test(reason))
    return problem(
      409,
      'APP_ROLLBACK_REFUSED',
      'v4 cannot decide: its file is not in the registry any more. Nothing was changed.',
    );
  state.rolledBackTo = to ?? 4;
  return ok(rollbackAnswer(state.rolledBackTo));
}

function traceAnswer(traceId: string): Answer {
  const known = ['581483:completed', '581586:completed'].flatMap((id) => findJourney(id)?.found ?? []);
  const found = known.find((journey) => journey.traceId === traceId);
  if (found !== undefined) return ok({ traceId, spans: found.spans });
  return problem(404, 'APP_TRACE_UNKNOWN', `No span of trace ${traceId} is kept.`);
}

function sendAsset(pathname: string, response: ServerResponse): void {
  const file = join(consoleFolder(), normalize(pathname));
  const served = pathname !== '/' && existsSync(file) ? file : join(consoleFolder(), 'index.html');
  response.writeHead(200, {
    'content-type': MEDIA[extname(served)] ?? 'application/octet-stream',
    'content-security-policy': CONTENT_SECURITY_POLICY,
  });
  createReadStream(served).pipe(response);
}

/** The stream of ticks, and what ends it. */
function createTicks(scenario: () => Scenario) {
  const open = new Set<ServerResponse>();
  let isStreaming = true;
  let count = 0;
  const tickNow = (): void => {
    count += 1;
    for (const response of open) response.write(`event: tick\ndata: ${JSON.stringify(streamTick(scenario(), count))}\n\n`);
  };
  const timer = setInterval(tickNow, TICK_MS);
  const endAll = (): void => {
    for (const response of open) response.destroy();
    open.clear();
  };
  return {
    serve(request: IncomingMessage, response: ServerResponse): void {
      if (!isStreaming) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      open.add(response);
      request.on('close', () => open.delete(response));
      tickNow();
    },
    set(next: boolean): void {
      isStreaming = next;
      if (!next) endAll();
    },
    stop(): void {
      clearInterval(timer);
      endAll();
    },
  };
}

export async function startFixtureServer(scenario: Scenario = 'live', port = 0): Promise<FixtureServer> {
  const failing = new Set<string>();
  const state: State = { scenario, rolledBackTo: undefined, isDiagnosed: false, said: new Map(), posted: [] };
  const ticks = createTicks(() => state.scenario);
  const answer = async (request: IncomingMessage, url: URL): Promise<Answer> => {
    if (failing.has(url.pathname)) return AWAY;
    if (request.method !== 'POST') return answerTo(url, state);
    return url.pathname.startsWith('/api/incidents/') ? sayTo(url.pathname, request, state) : rollBack(request, state);
  };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/api/stream') ticks.serve(request, response);
    else if (url.pathname.startsWith('/api/')) {
      answer(request, url).then(
        ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    } else sendAsset(url.pathname, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    failing,
    get scenario() {
      return state.scenario;
    },
    set scenario(next) {
      state.scenario = next;
    },
    get rolledBackTo() {
      return state.rolledBackTo;
    },
    set rolledBackTo(next) {
      state.rolledBackTo = next;
    },
    get isDiagnosed() {
      return state.isDiagnosed;
    },
    set isDiagnosed(next) {
      state.isDiagnosed = next;
    },
    posted: state.posted,
    forgetWhatWasSaid() {
      state.said.clear();
      state.posted.length = 0;
    },
    setStreaming: (isStreaming) => ticks.set(isStreaming),
    async close() {
      ticks.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
