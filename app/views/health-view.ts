import type { Static } from 'typebox';
import { FATES, type FateCount, type Health, VERSION } from '#core';
import { FATE_WORDS } from '../fate-words.ts';
import type { ServerDeps } from '../http/deps.ts';
import type { LineProgress } from '../line.ts';

type HealthParts = Pick<ServerDeps, 'line' | 'telemetry' | 'workspace' | 'webhooks'>;

/** What runs, and what waits; from memory only. */
export function healthOf({ line, telemetry, workspace, webhooks }: HealthParts): Health {
  const { eventsRead, happenings } = line.progress();
  const store = telemetry.status();
  const problems = [...problemsOf(store), ...webhookProblemsOf(webhooks())];
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version: VERSION,
    workspace: workspace.name,
    problems,
    telemetry: store,
    replay: line.replay(),
    eventsRead,
    happenings: [...happenings],
  };
}

/** The fates that there were, in the order in which people read them. */
export function fatesOf({ fates }: LineProgress): Static<typeof FateCount>[] {
  const order = Object.keys(FATE_WORDS);
  return FATES.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((fate) => ({ fate, ...FATE_WORDS[fate], events: fates[fate] }))
    .filter(({ events }) => events > 0);
}

function problemsOf({ status, problem, lagRecords }: Health['telemetry']): readonly string[] {
  if (problem !== null) return [problem];
  return status === 'unavailable' ? [`The telemetry store does not answer; ${lagRecords} records wait in the outbox.`] : [];
}

function webhookProblemsOf(endpoints: ReturnType<ServerDeps['webhooks']>): readonly string[] {
  return endpoints.flatMap(({ name, problem }) => (problem === undefined ? [] : [`Webhook ${name}: ${problem}`]));
}
