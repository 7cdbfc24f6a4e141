import type { Database, EventWindow, FieldChanged, FieldFigures, FieldRestored } from '#core';
import { type FieldLevels, type FieldPlace, loadFieldLevels, type SpoiltPeriod } from './field-levels.ts';
import { changedSentence, restoredSentence } from './field-sentences.ts';
import type { FieldContract } from './numeric-fields.ts';

/** What a job carries from window to window of the fields that it watches: a JSON value. */
export interface FieldFindings {
  readonly findings: readonly FieldChanged[];
  /** When findings stood that are over, as long as they reach into a baseline. */
  readonly spoilt?: readonly SpoiltPeriod[];
}

export interface FieldQuestion {
  readonly pipeline: string;
  /** Begins and ends at 00:00 UTC. */
  readonly window: EventWindow;
  /** How much event time before the window it is compared with, ms. */
  readonly baselineMs: number;
  /** A median that moved by this factor, either way, counts; over 1. */
  readonly ratio: number;
  /** Fewer values than this on either side are not compared. */
  readonly minimumValues: number;
  /** Who answers for a subject. */
  readonly contracts: readonly FieldContract[];
  /** Features (view.name) computed from a field, by `subject` + JSON pointer: basket.updated/unitPrice. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  readonly state: FieldFindings;
}

export interface FieldVerdict {
  /** Findings that begin in the window. */
  readonly changed: readonly FieldChanged[];
  /** Findings that are over: the window is as it was before them. */
  readonly restored: readonly FieldRestored[];
  /** To be carried to the next window. */
  readonly state: Required<FieldFindings>;
}

/**
 * Whether a producer’s field means something else than before. It does where the median and, the same way, the 5 % and the 95 %
 * quantile moved by the ratio against the baseline: a unit, a sign of trade or a factor moves all of a distribution, a season does
 * not. One window is enough; it must have values on two days, the baseline on five. A finding stands until no quantile is that
 * far from where it was before; windows in which one stood are in no baseline. Throws CLICKHOUSE_*.
 */
export async function findFieldChanges(database: Database, question: FieldQuestion): Promise<FieldVerdict> {
  const { pipeline, window, baselineMs, minimumValues, state } = question;
  const spoilt = (state.spoilt ?? []).filter((period) => period.window.toMs > window.fromMs - baselineMs);
  const levels = await loadFieldLevels(database, { pipeline, window, baselineMs, minimumValues, spoilt });
  return judgeFields(levels, { ...question, state: { ...state, spoilt } });
}

/** The same of levels that are known. */
export function judgeFields(levels: readonly FieldLevels[], question: FieldQuestion): FieldVerdict {
  const { window, ratio, state } = question;
  const byPlace = new Map(levels.map((level) => [keyOf(level), level]));
  const isOver = (finding: FieldChanged): boolean => {
    const after = byPlace.get(keyOf(finding))?.after;
    return after !== undefined && !isStillMoved(finding, after, ratio);
  };
  const over = state.findings.filter(isOver);
  const standing = state.findings.filter((finding) => !over.includes(finding));
  const known = new Set(state.findings.map(keyOf));
  const changed = levels.flatMap((level) => (known.has(keyOf(level)) ? [] : changeOf(level, question)));
  const restored = over.map((finding) => restorationOf(finding, { window, after: byPlace.get(keyOf(finding))?.after }));
  const spoilt = over.map(({ subject, field, source, after }) => ({
    subject,
    field,
    source,
    window: { fromMs: after.window.fromMs, toMs: window.fromMs },
  }));
  return { changed, restored, state: { findings: [...standing, ...changed], spoilt: [...(state.spoilt ?? []), ...spoilt] } };
}

function changeOf(level: FieldLevels, question: FieldQuestion): readonly FieldChanged[] {
  const { subject, field, source, contractVersion, before, after } = level;
  const { pipeline, window, contracts, features } = question;
  if (before === undefined || after === undefined || !isMoved(before, after, question.ratio)) return [];
  const owner = contracts.findLast((contract) => contract.subject === subject)?.owner ?? '';
  const finding = {
    findingId: [pipeline, subject, field, source, new Date(window.toMs).toISOString()].join('/'),
    pipeline,
    subject,
    field,
    source,
    contractVersion,
    owner,
    before,
    after,
    ratio: factorOf(before.p50, after.p50) ?? null,
    features: features.get(subject + field) ?? [],
  };
  return [{ ...finding, summary: changedSentence(finding) }];
}

function restorationOf(
  finding: FieldChanged,
  { window, after }: { readonly window: EventWindow; readonly after: FieldFigures | undefined },
): FieldRestored {
  const { findingId, pipeline, subject, field, source } = finding;
  return { findingId, pipeline, subject, field, source, window, summary: restoredSentence(finding, after ?? finding.before) };
}

/** All of the distribution moved one way; what is zero on both sides goes with any factor. */
function isMoved(before: FieldFigures, after: FieldFigures, ratio: number): boolean {
  const way = wayOf(factorOf(before.p50, after.p50), ratio);
  const goesAlong = (from: number, to: number): boolean => (from === 0 && to === 0) || wayOf(factorOf(from, to), ratio) === way;
  return way !== 0 && goesAlong(before.p05, after.p05) && goesAlong(before.p95, after.p95);
}

/** Something of the distribution is still where the finding put it. */
function isStillMoved(finding: FieldChanged, after: FieldFigures, ratio: number): boolean {
  const { before } = finding;
  const way = (finding.ratio ?? 1) < 1 ? -1 : 1;
  const pairs = [
    [before.p05, after.p05],
    [before.p50, after.p50],
    [before.p95, after.p95],
  ] as const;
  return pairs.some(([from, to]) => wayOf(factorOf(from, to), ratio) === way);
}

/** 1: further from zero by the ratio; −1: nearer; 0: neither. */
function wayOf(factor: number | undefined, ratio: number): -1 | 0 | 1 {
  if (factor === undefined) return 0;
  if (factor >= ratio) return 1;
  return factor <= 1 / ratio ? -1 : 0;
}

/** undefined where one is zero or their signs differ: then there is no factor between them. */
function factorOf(before: number, after: number): number | undefined {
  const factor = after / before;
  return Number.isFinite(factor) && factor > 0 ? factor : undefined;
}

function keyOf({ subject, field, source }: FieldPlace): string {
  return JSON.stringify([subject, field, source]);
}
