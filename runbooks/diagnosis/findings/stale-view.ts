import { TABLES } from '#core';
import { findStep, ramp } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { type Evidence, type Finding, resultsOf } from '../finding.ts';
import type { PathwayView } from '../pathway.ts';
import { isSince, SIDE, within } from '../statement.ts';
import { seriesOf, type TrafficCell, type TrafficSeries } from '../traffic-series.ts';
import { counted, figure, listed, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('stale_view');
/** So many events would have come if nothing had happened; fewer are no silence. */
const MINIMUM_EXPECTED = 12;
/** What is left of what should have come. */
const MAXIMUM_LEFT = 0.15;
/** A silence is longer than any before it by this factor, measured in other traffic. */
const LONGER_THAN_USUAL = 1.8;
/** A producer with less of a view's events than this leaves the view as good as fresh. */
const MINIMUM_SOURCE_SHARE = 0.05;

interface Silence {
  readonly subject: string;
  /** Producers that fell silent; undefined: all of them. */
  readonly sources: readonly string[] | undefined;
  readonly sinceMs: number;
  readonly expected: number;
  readonly actual: number;
  /** Of the subject's events before. */
  readonly share: number;
}

/** A view's own events stopped while the rest of the traffic goes on. */
export const staleView: Finding = {
  cause: 'stale_view',
  find: async (context) => {
    const { pathway } = context;
    const traffic = await context.traffic();
    const subjects = [...new Set(pathway.views.map(({ subject }) => subject))];
    const silences = subjects
      .flatMap((subject) => silenceOf(traffic, subject))
      .toSorted((a, b) => b.share - a.share || b.expected - a.expected);
    const silence = await chosenOf(context, silences);
    if (silence === undefined) return ruledOut(`The events of every view keep coming: ${listed(subjects)}.`);
    const view = await viewOf(context, silence);
    const { subject, sources, sinceMs, share } = silence;
    const who = sources === undefined ? 'from any producer' : `from ${listed(sources)}, while other producers go on`;
    return found({
      strength: (sources === undefined ? 0.78 : 0.52 + 0.2 * share) + 0.17 * ramp(silence.expected, MINIMUM_EXPECTED, 60),
      title:
        `View ${view.view} gets no ${subject} ${who} since ${timeOfDay(sinceMs)}: ${counted(silence.actual, 'event')} where ` +
        `${figure(silence.expected)} were to be expected, and the rest of the traffic goes on.`,
      details: { view: view.view },
      stage: null,
      sinceMs,
      owner: view.owner,
      components: [view.view, subject, ...(sources ?? sourcesOf(traffic, subject))],
      evidence: [await trafficEvidence(context, silence), await ageEvidence(context, view, silence)],
      disproof: `An event of ${subject} that was taken by ${view.view} after ${timeOfDay(sinceMs)}, or silence of the whole topic.`,
    });
  },
};

function sourcesOf({ cells }: TrafficSeries, subject: string): readonly string[] {
  return [...new Set(cells.filter((cell) => cell.subject === subject).map(({ source }) => source))].slice(0, 50);
}

/** The silence of a subject, or of those of its producers that fell silent alone. */
function silenceOf(traffic: TrafficSeries, subject: string): readonly Silence[] {
  const whole = stopOf(traffic, (cell) => cell.subject === subject);
  if (whole !== undefined) return [{ subject, sources: undefined, share: 1, ...whole }];
  const all = traffic.cells.reduce((sum, cell) => sum + (cell.subject === subject ? cell.events : 0), 0);
  const stopped = sourcesOf(traffic, subject).flatMap((source) => {
    const isOf = (cell: TrafficCell): boolean => cell.subject === subject && cell.source === source;
    const events = traffic.cells.reduce((sum, cell) => sum + (isOf(cell) ? cell.events : 0), 0);
    if (events < MINIMUM_SOURCE_SHARE * all) return [];
    const stop = stopOf(traffic, isOf);
    return stop === undefined ? [] : [{ source, share: events / all, ...stop }];
  });
  const [largest] = stopped.toSorted((a, b) => b.share - a.share);
  if (largest === undefined) return [];
  const sum = (of: (stop: (typeof stopped)[number]) => number): number => stopped.reduce((total, stop) => total + of(stop), 0);
  return [
    {
      subject,
      sources: stopped.map(({ source }) => source),
      sinceMs: largest.sinceMs,
      share: sum(({ share }) => share),
      expected: sum(({ expected }) => expected),
      actual: sum(({ actual }) => actual),
    },
  ];
}

/** Where events that reached their views ceased to come, measured against all the traffic; what is quarantined does not reach any. */
function stopOf(
  traffic: TrafficSeries,
  isOf: (cell: TrafficCell) => boolean,
): Pick<Silence, 'sinceMs' | 'expected' | 'actual'> | undefined {
  const own = seriesOf(traffic, (cell) => (isOf(cell) ? cell.events - cell.quarantined : 0));
  const rest = seriesOf(traffic, (cell) => (isOf(cell) ? 0 : cell.events));
  const points = traffic.times.map((atMs, index) => {
    const weight = rest[index] ?? 0;
    return { atMs, value: weight === 0 ? 0 : (own[index] ?? 0) / weight, weight };
  });
  const step = findStep(points, { direction: 'down', minimumWeight: MINIMUM_EXPECTED });
  if (step === undefined) return undefined;
  const expected = step.before * step.afterWeight;
  const actual = own.slice(step.index).reduce((sum, events) => sum + events, 0);
  if (expected < MINIMUM_EXPECTED || actual > MAXIMUM_LEFT * expected) return undefined;
  return step.afterWeight >= LONGER_THAN_USUAL * longestGap(own.slice(0, step.index), rest)
    ? { sinceMs: step.atMs, expected, actual }
    : undefined;
}

/** The most other traffic that went by without any of it before. */
function longestGap(own: readonly number[], rest: readonly number[]): number {
  let [longest, gap] = [0, 0];
  const first = own.findIndex((events) => events > 0);
  for (const [index, events] of own.entries()) {
    gap = events > 0 || index < first ? 0 : gap + (rest[index] ?? 0);
    longest = Math.max(longest, gap);
  }
  return longest;
}

/** The alert's own view goes first. */
async function chosenOf({ question, pathway }: FindingContext, silences: readonly Silence[]): Promise<Silence | undefined> {
  const named = pathway.views.find(({ view }) => view === question.labels['view']);
  return silences.find(({ subject }) => subject === named?.subject) ?? silences[0];
}

/** Of the views that live on the subject, the alert's, else the one whose values aged most. */
async function viewOf({ question, pathway, reads }: FindingContext, silence: Silence): Promise<PathwayView> {
  const views = pathway.views.filter(({ subject }) => subject === silence.subject);
  const named = views.find(({ view }) => view === question.labels['view']);
  const byView = await reads();
  const staleness = ({ view }: PathwayView): number => byView.get(view)?.at(-1)?.staleShare ?? 0;
  const [oldest] = views.toSorted((a, b) => staleness(b) - staleness(a));
  const fallback = { view: silence.subject, subject: silence.subject, owner: pathway.owner, fields: [], features: [] };
  return named ?? oldest ?? fallback;
}

const TRAFFIC = `SELECT source, countIf(NOT is_since) AS before, countIf(is_since) AS since, max(seen) AS last_seen FROM (
  SELECT source, ingested AS seen, ${isSince('ingested')} AS is_since FROM ${TABLES.receipts}
  WHERE pipeline = {pipeline:String} AND ${within('ingested')} AND event_type = {subject:String} AND fate != 'quarantined'
  UNION ALL
  SELECT source, ingested AS seen, ${isSince('ingested')} AS is_since FROM ${TABLES.decisions}
  WHERE pipeline = {pipeline:String} AND ${within('ingested')} AND event_type = {subject:String}
) GROUP BY source ORDER BY before DESC LIMIT 10`;

async function trafficEvidence({ ask }: FindingContext, { subject, sinceMs, expected, actual }: Silence): Promise<Evidence> {
  const { sql, rows } = await ask<Readonly<Record<string, unknown>>>(TRAFFIC, { subject, sinceMs });
  const summary = `${counted(actual, 'event')} of ${subject} since ${timeOfDay(sinceMs)}; by the traffic before, ${figure(expected)} were to be expected.`;
  return { summary, sql, rows };
}

const AGES = `SELECT ${SIDE('polled')} AS side, count() AS decisions, round(avg(age) / 3600000, 2) AS mean_age_hours,
  round(max(age) / 3600000, 2) AS max_age_hours, countIf(status = 'stale') AS stale_reads, countIf(status = 'not_found') AS not_found_reads
FROM (SELECT polled, feature_ages_ms[place] AS age, feature_statuses[place] AS status,
    indexOf(splitByChar(',', feature_set), {feature:String}) AS place
  FROM ${TABLES.decisions} WHERE pipeline = {pipeline:String} AND ${within('polled')})
WHERE place > 0 GROUP BY side ORDER BY side`;

async function ageEvidence({ ask }: FindingContext, { features }: PathwayView, { sinceMs }: Silence): Promise<Evidence> {
  const feature = features[0] ?? '';
  const { sql, rows } = await ask<Readonly<Record<string, unknown>>>(AGES, { feature, sinceMs });
  const ages = rows.map((row) => `${String(row['mean_age_hours'])} h ${String(row['side'])}`);
  return { summary: `Mean age of ${feature} as served, in event time: ${ages.join(', ')}.`, sql, rows };
}
