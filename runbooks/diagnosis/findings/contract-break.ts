import { TABLES } from '#core';
import { findStep, type Point, ramp, type Step, shareDistance } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { type Evidence, type Finding, resultsOf } from '../finding.ts';
import { isSince, within } from '../statement.ts';
import { seriesOf, type TrafficSeries } from '../traffic-series.ts';
import { counted, listed, percent, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('contract_break');
const MINIMUM_EVENTS = 8;
const MINIMUM_GAIN = 0.06;
const MINIMUM_DISTANCE = 5;

/** A producer whose events of a subject are quarantined more than before. */
interface Break {
  readonly source: string;
  readonly subject: string;
  readonly step: Step;
  /** Share of its events: before it is 0 where there were none. */
  readonly gain: number;
  /** Share that is quarantined, once the bucket in which it began is over. */
  readonly share: number;
}

/** What its events are refused for. */
interface Reason {
  readonly reason: string;
  readonly detail: string;
  readonly events: number;
}

/** A producer sends what its contract refuses. */
export const contractBreak: Finding = {
  cause: 'contract_break',
  find: async (context) => {
    const breaks = breaksOf(await context.traffic());
    const [worst] = breaks;
    if (worst === undefined) return ruledOut('No producer has more events in quarantine than before.');
    const { source, subject, step, gain, share } = worst;
    const { reasons, evidence } = await reasonEvidence(context, worst);
    const [first] = reasons;
    if (first === undefined) return ruledOut(`No reason is stored for what is quarantined of ${subject} from ${source}.`);
    const field = fieldOf(first);
    const { contracts, views, pathway } = { ...context.pathway, pathway: context.pathway };
    const hit = views.filter((view) => view.subject === subject).map(({ view }) => view);
    const feeds = hit.length === 0 ? '' : ` Nothing of it reaches ${listed(hit)}.`;
    return found({
      strength: 0.62 + 0.28 * ramp(gain, 0.05, 0.7) + 0.07 * ramp(step.after * step.afterWeight, MINIMUM_EVENTS, 60),
      title:
        `Producer ${source} sends ${subject} ${breachText(field, reasons)} since ${timeOfDay(step.atMs)}; ${percent(share)} of its ` +
        `events are quarantined.${othersText(breaks)}${share > 0.9 ? feeds : ''}`,
      details: { source, subject, field },
      stage: 'contract',
      sinceMs: step.atMs,
      owner: contracts.find((contract) => contract.subject === subject)?.owner ?? pathway.owner,
      components: [source, subject],
      evidence: [evidence],
      disproof: `An event of ${subject} from another producer that is refused for the same reason, or one of ${source} from before ${timeOfDay(step.atMs)} that was.`,
    });
  },
};

function breaksOf(traffic: TrafficSeries): readonly Break[] {
  const refused = new Map<string, { source: string; subject: string }>();
  for (const { source, subject, quarantined } of traffic.cells) {
    if (quarantined > 0) refused.set(JSON.stringify([source, subject]), { source, subject });
  }
  return [...refused.values()]
    .flatMap((of) => breakOf(traffic, of))
    .toSorted((a, b) => b.gain * b.step.after * b.step.afterWeight - a.gain * a.step.after * a.step.afterWeight);
}

function breakOf(traffic: TrafficSeries, { source, subject }: Pick<Break, 'source' | 'subject'>): readonly Break[] {
  const isOf = (cell: { source: string; subject: string }): boolean => cell.source === source && cell.subject === subject;
  const events = seriesOf(traffic, (cell) => (isOf(cell) ? cell.events : 0));
  const bad = seriesOf(traffic, (cell) => (isOf(cell) ? cell.quarantined : 0));
  const points = traffic.times.map((atMs, index) => {
    const weight = events[index] ?? 0;
    return { atMs, value: weight === 0 ? 0 : (bad[index] ?? 0) / weight, weight };
  });
  const step = findStep(points, { direction: 'up', minimumWeight: MINIMUM_EVENTS });
  if (step === undefined) return [];
  const gain = step.after - step.before;
  const isBroken =
    gain >= MINIMUM_GAIN && step.after * step.afterWeight >= MINIMUM_EVENTS && shareDistance(step) >= MINIMUM_DISTANCE;
  return isBroken ? [{ source, subject, step, gain, share: settledShare(points, step) }] : [];
}

/** The bucket of the change holds some of both. */
function settledShare(points: readonly Point[], { index, after }: Step): number {
  const settled = points.slice(index + 1);
  const weight = settled.reduce((sum, point) => sum + point.weight, 0);
  return weight < MINIMUM_EVENTS ? after : settled.reduce((sum, point) => sum + point.weight * point.value, 0) / weight;
}

const STATEMENT = `SELECT reason, any(detail) AS example, toFloat64(count()) AS events, min(ingested) AS first_seen, any(event_id) AS example_event
FROM ${TABLES.receipts} WHERE pipeline = {pipeline:String} AND fate = 'quarantined' AND source = {source:String}
  AND event_type = {subject:String} AND ${within('ingested')} AND ${isSince('ingested')}
GROUP BY reason ORDER BY events DESC LIMIT 10`;

async function reasonEvidence(
  { ask }: FindingContext,
  { source, subject, step, share }: Break,
): Promise<{ readonly reasons: readonly Reason[]; readonly evidence: Evidence }> {
  const { sql, rows } = await ask<{ reason: string; example: string; events: number }>(STATEMENT, {
    source,
    subject,
    sinceMs: step.atMs,
  });
  const reasons = rows.map(({ reason, example, events }) => ({ reason, detail: example, events }));
  const told = reasons[0] === undefined ? '' : ` Most: ${reasons[0].reason}.`;
  const total = reasons.reduce((sum, { events }) => sum + events, 0);
  const summary = `${counted(total, 'event')} of ${subject} from ${source} quarantined since ${timeOfDay(step.atMs)}, ${percent(share)} of them all; ${percent(step.before)} before.${told}`;
  return { reasons, evidence: { summary, sql, rows: rows.map((row) => ({ ...row })) } };
}

/** contract: /unitPrice required → /unitPrice; where only an undeclared property is named, that one; else the place. */
export function fieldOf({ reason, detail }: Pick<Reason, 'reason' | 'detail'>): string {
  const pointer = /(?:^|\s)(\/\S*)/u.exec(reason)?.[1] ?? '';
  if (isUndeclared(reason)) {
    const extra = extraOf(detail);
    return extra === undefined ? pointer : `${pointer === '/' ? '' : pointer}/${extra}`;
  }
  return pointer === '' ? reason : pointer;
}

function isUndeclared(reason: string): boolean {
  return reason.endsWith('additionalProperties') || reason.endsWith('unevaluatedProperties');
}

function extraOf(detail: string): string | undefined {
  return /has the property '([^']+)'/u.exec(detail)?.[1];
}

/** What is wrong with them, as it follows on “sends basket.updated”. */
function breachText(field: string, reasons: readonly Reason[]): string {
  const [first] = reasons;
  const reason = first?.reason ?? '';
  if (reason.endsWith(' required')) {
    const instead = reasons.find((other) => isUndeclared(other.reason));
    const extra = instead === undefined ? undefined : extraOf(instead.detail);
    return `without ${field}${extra === undefined ? '' : ` (and with ${extra}, which nobody declared)`}`;
  }
  if (isUndeclared(reason)) return `with ${field}, which its contract does not declare`;
  if (reason.startsWith('contract: '))
    return `with another ${field} than its contract has (${sentencePart(first?.detail ?? reason)})`;
  return `that cannot be read (${reason})`;
}

function sentencePart(detail: string): string {
  const text = detail.replace(/\.$/u, '');
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function othersText(breaks: readonly Break[]): string {
  const others = [...new Set(breaks.slice(1).map(({ source }) => source))].filter((source) => source !== breaks[0]?.source);
  if (others.length === 0) return '';
  return others.length > 3 ? ` So are those of ${others.length} other producers.` : ` So are those of ${listed(others)}.`;
}
