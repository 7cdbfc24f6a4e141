import { type Database, type EpochMs, type EventWindow, type FieldChanged, type FieldRestored, TABLES } from '#core';
import { msOf } from '../journeys/stored.ts';
import { type DriftFact, type ModelFact, readDriftFacts, readModelFacts, type StoredFact } from './control-facts.ts';

/** A reviewed window in which served features and scores looked as in training, and the model was wrong more often all the same. */
export interface QuietLoss {
  readonly job: string;
  /** Event time of the window, and of its review. */
  readonly window: EventWindow;
  readonly logLoss: number;
  /** The lowest that the job had measured before. */
  readonly lowestLogLoss: number;
  /** The largest over features and score in that window, and what it is held against. */
  readonly psi: number;
  readonly psiThreshold: number;
  readonly psiTarget: string;
}

/** A gate's word on a candidate. */
export interface GateMoment {
  readonly model: string;
  readonly version: number;
  /** The version that decided. */
  readonly live: number | undefined;
  /** Event time, epoch ms. */
  readonly atMs: EpochMs;
  readonly reason: string;
}

/** A field that means something else than before. */
export interface FindingMoment extends Pick<FieldChanged, 'findingId' | 'subject' | 'field' | 'source' | 'ratio' | 'summary'> {
  /** End of the window that showed it: event time, epoch ms. */
  readonly atMs: EpochMs;
  /** End of the window in which it was as before; undefined while it is not. */
  readonly restoredAtMs: EpochMs | undefined;
}

export interface DriftMoment {
  readonly job: string;
  readonly model: string;
  readonly window: EventWindow;
  readonly summary: string;
}

/** What the line of models has to tell. */
export interface GovernanceMoments {
  readonly quietLoss: QuietLoss | undefined;
  readonly promoted: GateMoment | undefined;
  readonly refused: GateMoment | undefined;
  /** Newest first. */
  readonly findings: readonly FindingMoment[];
  /** The first of all. */
  readonly drift: DriftMoment | undefined;
}

/** A smaller rise of the mean log loss is not worth telling. */
const MIN_RISE = 0.02;
const MAX_SECONDS = 5;

/* Windows of each job, oldest first, with the lowest log loss up to each. A breach of psi excludes a window, a missing psi does too. */
const QUIET_LOSS = `SELECT job, ${msOf('window_from')} AS fromMs, ${msOf('window_to')} AS toMs, logLoss, lowestLogLoss, psi, psiThreshold, psiTarget
  FROM (
    SELECT job, window_from, window_to, logLoss, psi, psiThreshold, psiTarget, hasBreach,
      min(logLoss) OVER (PARTITION BY job ORDER BY window_to ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS lowestLogLoss,
      row_number() OVER (PARTITION BY job ORDER BY window_to) AS place
    FROM (
      SELECT job, window_from, window_to,
        anyIf(value, method = 'log_loss' AND target_kind = 'outcome' AND status = 'ok') AS logLoss,
        maxIf(value, method = 'psi' AND status = 'ok') AS psi,
        argMaxIf(threshold, value, method = 'psi' AND status = 'ok') AS psiThreshold,
        argMaxIf(target, value, method = 'psi' AND status = 'ok') AS psiTarget,
        countIf(method = 'psi' AND is_breach) > 0 AS hasBreach
      FROM ${TABLES.driftResults} WHERE pipeline = {pipeline:String} GROUP BY job, window_from, window_to
      HAVING logLoss IS NOT NULL
    )
  )
  WHERE NOT hasBreach AND psi IS NOT NULL AND place > 1 AND logLoss - lowestLogLoss >= ${MIN_RISE}
  ORDER BY logLoss DESC, window_to DESC LIMIT 1`;

/** The window with the largest realised log loss among those without a breach of psi; undefined where it rose by less than 0.02. */
async function findQuietLoss(database: Database, pipeline: string): Promise<QuietLoss | undefined> {
  const rows = await database.query<Omit<QuietLoss, 'window'> & { fromMs: EpochMs; toMs: EpochMs }>(QUIET_LOSS, {
    params: { pipeline },
    maxSeconds: MAX_SECONDS,
  });
  return rows.map(({ fromMs, toMs, ...row }) => ({ ...row, window: { fromMs, toMs } }))[0];
}

/** What a start shows of the line of models of a pipeline. */
export async function loadGovernanceMoments(
  database: Database,
  { pipeline, model }: { readonly pipeline: string; readonly model: string },
): Promise<GovernanceMoments> {
  const [quietLoss, models, drifts] = await Promise.all([
    findQuietLoss(database, pipeline),
    readModelFacts(database, [model]),
    readDriftFacts(database, pipeline),
  ]);
  return {
    quietLoss,
    promoted: newestOf(models.flatMap((fact) => (isGatePromotion(fact) ? [gateMoment(fact)] : []))),
    refused: newestOf(models.flatMap((fact) => (fact.kind === 'model_refused' ? [gateMoment(fact)] : []))),
    findings: findingsOf(drifts),
    drift: firstDrift(drifts),
  };
}

function isGatePromotion(fact: ModelFact): fact is StoredFact<'model_promoted'> {
  return fact.kind === 'model_promoted' && fact.fact.cause === 'gate';
}

function gateMoment({ atMs, fact }: StoredFact<'model_promoted' | 'model_refused'>): GateMoment {
  const { name, version, reason, gate } = fact;
  return { model: name, version, live: gate?.live.version, atMs, reason };
}

/** By event time; the later record of two at the same time. */
function newestOf<T extends { readonly atMs: EpochMs }>(moments: readonly T[]): T | undefined {
  return moments.toSorted((a, b) => a.atMs - b.atMs).at(-1);
}

function firstDrift(facts: readonly DriftFact[]): DriftMoment | undefined {
  const [first] = facts.filter((fact) => fact.kind === 'drift_detected').toSorted((a, b) => a.atMs - b.atMs);
  if (first === undefined) return undefined;
  const { job, model, window } = first.fact;
  return { job, model, window, summary: first.summary };
}

function findingsOf(facts: readonly DriftFact[]): readonly FindingMoment[] {
  const restored = facts.flatMap((fact) => (fact.kind === 'field_restored' ? [fact.fact] : []));
  return facts
    .flatMap((fact) => (fact.kind === 'field_changed' ? [fact.fact] : []))
    .map(({ findingId, subject, field, source, ratio, summary, after, ...changed }) => {
      const finding = { findingId, subject, field, source, ratio, summary, atMs: after.window.toMs };
      return { ...finding, restoredAtMs: restoredAtMs({ ...finding, pipeline: changed.pipeline }, restored) };
    })
    .toSorted((a, b) => b.atMs - a.atMs);
}

/** End of the first window after a finding in which its field was as before; undefined while it is not. */
export function restoredAtMs(
  finding: Pick<FieldChanged, 'findingId' | 'pipeline' | 'subject' | 'field' | 'source'> & { readonly atMs: EpochMs },
  restored: readonly FieldRestored[],
): EpochMs | undefined {
  const isOf = (fact: FieldRestored): boolean =>
    fact.pipeline === finding.pipeline &&
    fact.subject === finding.subject &&
    fact.field === finding.field &&
    fact.source === finding.source &&
    fact.window.toMs > finding.atMs;
  return restored
    .filter((fact) => fact.findingId === finding.findingId || isOf(fact))
    .map(({ window }) => window.toMs)
    .toSorted((a, b) => a - b)[0];
}
