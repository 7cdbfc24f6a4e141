import Type from 'typebox';
import { AlertList, messageOf, SloList, type SloView } from '#core';
import { alertOfSli, alertText, parseAlertWebhook, readSlo } from '#runbooks';
import type { SloFile } from '../config/index.ts';
import { contactOf } from '../operations/pathways.ts';
import { rulePipelinesOf } from '../operations/rule-pipelines.ts';
import { alertListOf } from '../views/alert-view.ts';
import type { ApiContext } from './context.ts';
import { operationsOf } from './operations-access.ts';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

const NO_QUERY = Type.Object({}, { additionalProperties: false });
/** Of 500 alerts, as an Alertmanager groups them. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const Taken = Type.Object(
  { taken: Type.Integer({ minimum: 0, description: 'Alerts that were in it.' }) },
  { additionalProperties: false },
);

/** Alerts and SLOs: GET /api/alerts, GET /api/slos, and POST /api/alerts for those of an Alertmanager or a Grafana. */
export const alertsApi: Api = async (server, context) => {
  // A page elsewhere can have a browser send text unasked, but not JSON.
  server.removeContentTypeParser('text/plain');
  server.get(
    '/api/alerts',
    {
      schema: {
        summary: 'Alert rules: what fires, what they measure',
        querystring: NO_QUERY,
        response: { 200: AlertList, ...PROBLEMS },
      },
    },
    async () => listAlerts(context),
  );
  server.post(
    '/api/alerts',
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        summary: 'Take alerts in: Alertmanager’s webhook payload (version 4), or Grafana’s; each opens an incident',
        querystring: NO_QUERY,
        body: Type.Unknown(),
        response: { 200: Taken, ...PROBLEMS },
      },
    },
    async ({ body }) => {
      const alerts = parseAlertWebhook(body, context.clock.now());
      await operationsOf(context).incidents.take(alerts);
      return { taken: alerts.length };
    },
  );
  server.get(
    '/api/slos',
    {
      schema: {
        summary: 'Objectives: what is left of their error budgets',
        querystring: NO_QUERY,
        response: { 200: SloList, ...PROBLEMS },
      },
    },
    async () => listSlos(context),
  );
};

function listAlerts(context: ApiContext): AlertList {
  const { evaluator, incidents, notifications } = operationsOf(context);
  return alertListOf(evaluator.ruleStates(), notifications(), {
    workspace: context.workspace,
    hasIncident: (alert) => incidents.find(alert) !== undefined,
    summaryOf: (rule, { labels, value }) => alertText(rule.summary, labels, value),
  });
}

async function listSlos(context: ApiContext): Promise<SloList> {
  const { workspace } = context;
  const database = databaseOf(context.telemetry);
  const pipelines = rulePipelinesOf(workspace);
  const slos: SloView[] = [];
  for (const slo of workspace.slos) {
    const owner = contactOf(workspace, slo.owner);
    try {
      slos.push({ ...(await readSlo(database, { slo, pipelines }, context.clock.now())), owner, problem: null });
    } catch (error) {
      slos.push({ ...emptySlo(slo), owner, problem: messageOf(error) });
    }
  }
  const names = [
    ...new Set(
      operationsOf(context)
        .evaluator.ruleStates()
        .map(({ rule }) => rule.alert),
    ),
  ];
  const pages = names.flatMap((name) => workspace.runbooks.get(name) ?? []);
  const verified = pages.filter(({ front }) => front.verified_by !== undefined).length;
  return { slos, coverage: { alerts: names.length, withRunbook: pages.length, verified } };
}

function emptySlo({ slo, sli, pipeline, description, objective }: SloFile): Omit<SloView, 'owner' | 'problem'> {
  const nothing = { periodSeconds: 0, events: 0, bad: 0, budgetLeft: null, burnRates: [], history: [] };
  return { slo, sli, pipeline, description, objective, alert: alertOfSli(sli), ...nothing };
}
