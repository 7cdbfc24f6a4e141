import { type Database, type Diagnosis, type Hypothesis, messageOf, type NearbyChange } from '#core';
import { createContext, type FindingContext } from './context.ts';
import type { Finding, FindingResult, Found, RuledOut } from './finding.ts';
import { FINDINGS } from './findings/index.ts';
import { findNearbyChanges } from './nearby-changes.ts';
import type { DiagnosisQuestion } from './pathway.ts';
import { type Ranked, rankFindings } from './ranking.ts';
import { listed } from './wording.ts';

const CONCURRENCY = 2;
const MAX_EVIDENCE_ROWS = 10;
/** A change is told a little after it took hold, and a first sign is known to a bucket of time. */
const SLACK_SHARE = 0.2;
/** What was noticed or asked for alters nothing by itself: the finding would be its own suspect. */
const NOTICES: ReadonlySet<string> = new Set([
  'field_changed',
  'field_restored',
  'drift_detected',
  'training_requested',
  'training_refused',
  'retraining_requested',
  'model_trained',
]);

/**
 * What is wrong, from the telemetry store alone: every finding is asked, those that found something are ranked. 'not_found' with what
 * was ruled out is an answer. A query that fails is told in `problems`, and the others go on. `at` is the question's now.
 */
export async function diagnose(database: Database, question: DiagnosisQuestion, elapsedMs: () => number): Promise<Diagnosis> {
  const beganMs = elapsedMs();
  const context = createContext(database, question);
  const problems: string[] = [];
  const results = await askAll(context, problems);
  const found = results.filter((result) => result.kind === 'found');
  const ruledOut = results.filter((result) => result.kind === 'ruled_out');
  const ranked = rankFindings(found, question.alert);
  const changes = await changesAround(database, { question, context, ranked }).catch((error: unknown) => {
    problems.push(`changes: ${messageOf(error)}`);
    return [];
  });
  const hypotheses = ranked.map((one, index) => hypothesisOf(one, index + 1, { changes, context }));
  return {
    at: new Date(question.nowMs).toISOString(),
    tookMs: elapsedMs() - beganMs,
    verdict: hypotheses.length === 0 ? 'not_found' : 'found',
    summary: hypotheses[0]?.title ?? notFound(ruledOut),
    hypotheses,
    ruledOut: ruledOut.map(({ cause, why }) => ({ cause, why })),
    problems,
  };
}

/** All findings, a few at a time, in the order of the list. */
async function askAll(context: FindingContext, problems: string[]): Promise<readonly FindingResult[]> {
  const results = new Map<Finding, FindingResult>();
  const waiting = [...FINDINGS];
  const ask = async (): Promise<void> => {
    for (let finding = waiting.shift(); finding !== undefined; finding = waiting.shift()) {
      try {
        results.set(finding, await finding.find(context));
      } catch (error) {
        problems.push(`${finding.cause}: ${messageOf(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, ask));
  return FINDINGS.flatMap((finding) => results.get(finding) ?? []);
}

async function changesAround(
  database: Database,
  {
    question,
    context,
    ranked,
  }: { readonly question: DiagnosisQuestion; readonly context: FindingContext; readonly ranked: readonly Ranked[] },
): Promise<readonly NearbyChange[]> {
  const { pathway, startsAtMs, signal } = question;
  const first = ranked[0]?.found;
  const atMs = first?.sinceMs ?? startsAtMs;
  return findNearbyChanges(database, {
    pathway,
    atMs,
    withinMs: context.lookback.changeMs + (first?.untilMs ?? atMs) - atMs,
    ...(signal === undefined ? {} : { signal }),
  });
}

function hypothesisOf(
  { found, score, confidence }: Ranked,
  rank: number,
  { changes, context }: { readonly changes: readonly NearbyChange[]; readonly context: FindingContext },
): Hypothesis {
  return {
    rank,
    cause: found.cause,
    title: found.title,
    confidence,
    score,
    details: { ...found.details },
    stage: found.stage,
    since: found.sinceMs === null ? null : new Date(found.sinceMs).toISOString(),
    owner: found.owner,
    suspect: suspectOf(found, changes, context.lookback.changeMs),
    evidence: found.evidence.map((evidence) => ({ ...evidence, rows: evidence.rows.slice(0, MAX_EVIDENCE_ROWS) })),
    disproof: found.disproof,
  };
}

/** The nearest change of what is at fault that came before the first sign; one that touches nothing of it is none. */
function suspectOf(found: Found, changes: readonly NearbyChange[], changeMs: number): Hypothesis['suspect'] {
  const { sinceMs, untilMs, components } = found;
  if (sinceMs === null) return null;
  const latestMs = (untilMs ?? sinceMs) + SLACK_SHARE * changeMs;
  const timed = changes
    .filter(({ change, touches }) => touches && components.includes(change.subject) && !NOTICES.has(change.kind))
    .map((nearby) => ({ nearby, atMs: momentOf(nearby) }))
    .filter(({ atMs }) => atMs >= sinceMs - changeMs && atMs <= latestMs)
    .toSorted((a, b) => Math.abs(a.atMs - sinceMs) - Math.abs(b.atMs - sinceMs));
  const [first] = timed;
  if (first === undefined) return null;
  const seconds = Math.round(Math.abs(first.atMs - sinceMs) / 1000);
  const { change } = first.nearby;
  const when = first.atMs <= sinceMs ? `${seconds} s before the first sign` : `${seconds} s after what may be the first sign`;
  return { change, why: `${change.subject} changed ${when}, and it is what is at fault.` };
}

function momentOf({ change }: NearbyChange): number {
  return Date.parse(['deploy', 'setting', 'other'].includes(change.kind) ? change.at : change.recordedAt);
}

function notFound(ruledOut: readonly RuledOut[]): string {
  const causes = ruledOut.map(({ cause }) => cause.replaceAll('_', ' '));
  return `Cause not found; ruled out: ${listed(causes)}.`;
}
