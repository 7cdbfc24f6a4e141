import Type from 'typebox';
import { RunbookAnswer, RunbookList, TeamAnswer } from '#core';
import { type CheckWindow, failedChecks, type Runbook, runChecks } from '#runbooks';
import { appError } from '../errors.ts';
import { runbookAnswerOf, runbookSummaryOf, teamAnswerOf } from '../views/runbook-view.ts';
import type { ApiContext } from './context.ts';
import { type Api, PROBLEMS } from './routes.ts';

const NO_QUERY = Type.Object({}, { additionalProperties: false });
const Alert = Type.Object({ alert: Type.String({ minLength: 1, maxLength: 100, description: 'Name of its alert.' }) });
const Name = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100, description: 'A team of the workspace.' }) });
const Time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));
const BadTime = Type.Object(
  {
    from: Time('Begin of the bad time, on the processing clock; default: an hour before its end.'),
    to: Time('Its end; default: now.'),
  },
  { additionalProperties: false },
);
const HOUR_MS = 3_600_000;
const MAX_BAD_MS = 30 * 24 * HOUR_MS;

/** Runbooks with their checks run just now, and the teams: GET /api/runbooks, /api/runbooks/:alert, /api/teams/:name. */
export const runbooksApi: Api = async (server, context) => {
  server.get(
    '/api/runbooks',
    { schema: { summary: 'The workspace’s runbooks', querystring: NO_QUERY, response: { 200: RunbookList, ...PROBLEMS } } },
    async () => ({
      runbooks: [...context.workspace.runbooks.values()].map((runbook) =>
        runbookSummaryOf(runbook, { workspace: context.workspace, firing: isFiring(context, runbook) }),
      ),
    }),
  );
  server.get(
    '/api/runbooks/:alert',
    {
      schema: {
        summary: 'A runbook; its checks are run over the last hour, or the time that is asked for, against as much before it',
        params: Alert,
        querystring: BadTime,
        response: { 200: RunbookAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { alert }, query: { from, to } }) => answerRunbook(context, alert, { from, to }),
  );
  server.get(
    '/api/teams/:name',
    {
      schema: {
        summary: 'A team: how to reach it, and all that it answers for',
        params: Name,
        querystring: NO_QUERY,
        response: { 200: TeamAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { name } }) => answerTeam(context, name),
  );
};

interface AskedTime {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The bad time, and as much before it. Throws APP_REQUEST_INVALID where it ends before it begins, or is longer than 30 days. */
function windowOf({ from, to }: AskedTime, pipeline: string, nowMs: number): CheckWindow {
  const toMs = to === undefined ? nowMs : Date.parse(to);
  const fromMs = from === undefined ? toMs - HOUR_MS : Date.parse(from);
  const lengthMs = toMs - fromMs;
  if (lengthMs > 0 && lengthMs <= MAX_BAD_MS)
    return { pipeline, fromMs, toMs, baseFromMs: fromMs - lengthMs, baseToMs: fromMs, nowMs };
  throw appError('APP_REQUEST_INVALID', 'the bad time must end behind its begin, and last at most 30 days: see from and to');
}

async function answerRunbook(context: ApiContext, alert: string, asked: AskedTime): Promise<RunbookAnswer> {
  const { workspace, clock } = context;
  const runbook = workspace.runbooks.get(alert);
  if (runbook === undefined) {
    const known = [...workspace.runbooks.keys()].join(', ');
    throw appError('APP_NOT_FOUND', `the workspace has no runbook for ${alert}; there are ${known === '' ? 'none' : known}`);
  }
  const pipeline = pipelineOf(context, runbook);
  const nowMs = clock.now();
  const window = windowOf(asked, pipeline, nowMs);
  const checks = await checksOf(context, runbook, window);
  const incidents = openIncidents(context)
    .filter((incident) => incident.alert === alert)
    .map(({ fingerprint }) => fingerprint);
  const firing = isFiring(context, runbook);
  return runbookAnswerOf(runbook, { workspace, firing, pipeline, checks, checkedAtMs: nowMs, incidents });
}

async function checksOf({ telemetry, clock }: ApiContext, runbook: Runbook, window: CheckWindow) {
  const database = telemetry.database();
  if (database === undefined)
    return failedChecks(runbook, window, 'The telemetry store is not there just now; nothing can be asked.');
  return runChecks({ database, clock }, runbook, window);
}

function pipelineOf({ workspace }: ApiContext, { front }: Runbook): string {
  const alert = workspace.alerts.find((file) => file.alert === front.alert);
  const slo = workspace.slos.find((file) => file.slo === front.slo);
  return alert?.pipeline ?? slo?.pipeline ?? workspace.pipelines[0]?.pipeline ?? '';
}

function openIncidents({ operations }: ApiContext) {
  return (
    operations()
      ?.incidents.list()
      .filter(({ state }) => state !== 'resolved') ?? []
  );
}

function isFiring({ operations }: ApiContext, { front }: Runbook): boolean {
  const states = operations()?.evaluator.ruleStates() ?? [];
  return states.some(({ rule, series }) => rule.alert === front.alert && series.some(({ phase }) => phase === 'firing'));
}

async function answerTeam(context: ApiContext, name: string): Promise<TeamAnswer> {
  const { workspace } = context;
  if (!workspace.teams.some((team) => team.name === name)) {
    const known = workspace.teams.map((team) => team.name).join(', ');
    throw appError('APP_NOT_FOUND', `the workspace has no team ${name}; there are ${known}`);
  }
  const owned = openIncidents(context).filter(({ labels }) => labels['team'] === name);
  return teamAnswerOf(
    name,
    workspace,
    owned.map(({ fingerprint }) => fingerprint),
  );
}
