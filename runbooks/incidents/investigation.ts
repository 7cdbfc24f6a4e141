import {
  type AlertRule,
  type CheckResult,
  type Clock,
  type Database,
  type Diagnosis,
  type Exemplar,
  messageOf,
  type NearbyChange,
  ThroughlineError,
} from '#core';
import { readCohorts } from '../diagnosis/cohorts.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { describeImpact } from '../diagnosis/impact.ts';
import { findNearbyChanges } from '../diagnosis/nearby-changes.ts';
import type { DiagnosisQuestion, Pathway } from '../diagnosis/pathway.ts';
import { runbookError } from '../errors.ts';
import { runChecks } from '../pages/checks.ts';
import type { Runbook } from '../pages/page.ts';
import { readExemplars } from './exemplars.ts';
import type { IncidentDocument, Investigation } from './incident.ts';

export interface InvestigationDeps {
  /** undefined while the store is not there. */
  readonly database: () => Database | undefined;
  readonly clock: Clock;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Windows of the processing clock are multiplied by it. */
  readonly scale: number;
  /** How long after it was opened an incident is looked at, ms: what it is about is then stored. */
  readonly settleMs: number;
  readonly pathways: readonly Pathway[];
  readonly rules: readonly AlertRule[];
  readonly runbooks: ReadonlyMap<string, Runbook>;
}

const HOUR_MS = 3_600_000;
const CHANGE_MS = 30 * 60_000;
/** Scaled time has no shorter windows: there must be traffic in them. */
const FLOOR_MS = 15_000;

interface Case {
  readonly database: Database;
  readonly question: DiagnosisQuestion;
  readonly incident: IncidentDocument;
}

/** How an incident is investigated: everything is read once, in the telemetry store, and told as it was. A part that fails leaves the others. Throws RUNBOOK_STORE_AWAY, CLICKHOUSE_UNAVAILABLE. */
export function createInvestigation(deps: InvestigationDeps) {
  return async (incident: IncidentDocument, signal: AbortSignal): Promise<Investigation> => {
    await deps.wait(Math.max(0, incident.openedAtMs + deps.settleMs - deps.clock.now()), signal);
    const database = deps.database();
    if (database === undefined)
      throw runbookError('RUNBOOK_STORE_AWAY', 'the telemetry store is not there; the incident is investigated when it is');
    const pathway = deps.pathways.find(({ pipeline }) => pipeline === incident.pipeline);
    if (pathway === undefined) return NOTHING_KNOWN(incident);
    const { alert, labels, startsAtMs } = incident;
    const question: DiagnosisQuestion = {
      pathway,
      alert,
      labels,
      startsAtMs,
      nowMs: deps.clock.now(),
      scale: deps.scale,
      signal,
    };
    return investigate(deps, { database, question, incident });
  };
}

const NOTHING_KNOWN = ({ pipeline }: IncidentDocument): Investigation => ({
  impact: [],
  cohorts: null,
  changes: [],
  exemplars: [],
  checks: [],
  diagnosis: null,
  problems: [
    pipeline === ''
      ? 'The alert names no pipeline (label pipeline): nothing of the telemetry can be held against it.'
      : `The workspace has no pipeline ${pipeline}: nothing of the telemetry can be held against it.`,
  ],
});

async function investigate(deps: InvestigationDeps, { database, question, incident }: Case): Promise<Investigation> {
  const problems: string[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (question.signal?.aborted === true || isAway(error)) throw error;
      problems.push(`${what}: ${messageOf(error)}`);
      return otherwise;
    }
  };
  const { pathway, startsAtMs, nowMs } = question;
  const windowMs = Math.max(HOUR_MS * deps.scale, FLOOR_MS);
  const elapsedMs = (): number => deps.clock.monotonicUs() / 1000;
  const diagnosis = await attempt<Diagnosis | null>('diagnosis', () => diagnose(database, question, elapsedMs), null);
  const sinceMs = firstSignOf(diagnosis, startsAtMs);
  const times = { goodFromMs: sinceMs - windowMs, goodToMs: sinceMs, badFromMs: sinceMs, badToMs: nowMs };
  const cohorts = await attempt<Investigation['cohorts']>(
    'cohorts',
    async () => (await readCohorts(database, { pathway, ...times })) ?? null,
    null,
  );
  const withinMs = Math.max(CHANGE_MS * deps.scale, FLOOR_MS);
  const changes = await attempt<readonly NearbyChange[]>(
    'changes',
    () => findNearbyChanges(database, { pathway, atMs: sinceMs, withinMs }),
    [],
  );
  const impact = await attempt<readonly string[]>(
    'impact',
    () => describeImpact(database, { ...question, startsAtMs: sinceMs }),
    [],
  );
  const exemplars = await attempt<readonly Exemplar[]>(
    'exemplars',
    () => exemplarsOf(deps, { database, question, incident }),
    [],
  );
  const checks = await attempt<readonly CheckResult[]>(
    'checks',
    () => checksOf(deps, { database, question, incident }, times),
    [],
  );
  return { impact, cohorts, changes, exemplars, checks, diagnosis, problems };
}

/** A store that went away comes back: all of it is asked again then. */
function isAway(error: unknown): boolean {
  return error instanceof ThroughlineError && error.code === 'CLICKHOUSE_UNAVAILABLE';
}

/** When it began: by the first hypothesis, where that is not after the alert. */
function firstSignOf(diagnosis: Diagnosis | null, startsAtMs: number): number {
  const since = diagnosis?.hypotheses[0]?.since ?? null;
  return since === null ? startsAtMs : Math.min(startsAtMs, Date.parse(since));
}

async function exemplarsOf({ rules }: InvestigationDeps, { database, question, incident }: Case): Promise<readonly Exemplar[]> {
  const { alertname, severity, pipeline, slo } = incident.labels;
  const rule = rules.find(
    (one) => one.alert === alertname && one.severity === severity && one.pipeline === pipeline && (one.slo ?? '') === (slo ?? ''),
  );
  return rule === undefined
    ? []
    : readExemplars(database, { rule, labels: incident.labels, nowMs: question.nowMs, sinceMs: incident.startsAtMs });
}

async function checksOf(
  { runbooks, clock }: InvestigationDeps,
  { database, question, incident }: Case,
  times: { readonly goodFromMs: number; readonly goodToMs: number; readonly badFromMs: number; readonly badToMs: number },
): Promise<readonly CheckResult[]> {
  const runbook = runbooks.get(incident.alert);
  if (runbook === undefined) return [];
  const window = {
    pipeline: question.pathway.pipeline,
    fromMs: times.badFromMs,
    toMs: times.badToMs,
    baseFromMs: times.goodFromMs,
    baseToMs: times.goodToMs,
    nowMs: question.nowMs,
  };
  return runChecks({ database, clock, ...(question.signal === undefined ? {} : { signal: question.signal }) }, runbook, window);
}
