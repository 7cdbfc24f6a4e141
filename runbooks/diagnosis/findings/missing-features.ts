import { TABLES } from '#core';
import { findStep, ramp, type Step, shareDistance } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { shareOf } from '../feature-reads.ts';
import { type Evidence, type Finding, resultsOf } from '../finding.ts';
import type { PathwayView } from '../pathway.ts';
import { isSince, within } from '../statement.ts';
import { counted, listed, percent, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('missing_features');
const MINIMUM_DECISIONS = 10;
const MINIMUM_GAIN = 0.05;
const MINIMUM_DISTANCE = 4.5;
/** Entities with values before that are read again: fewer prove nothing. */
const MINIMUM_KNOWN = 5;

interface Loss {
  readonly view: PathwayView;
  readonly step: Step;
}

/** Values that were there are not found any more, and the model scores with defaults. */
export const missingFeatures: Finding = {
  cause: 'missing_features',
  find: async (context) => {
    const { pathway, question } = context;
    const losses = await lossesOf(context);
    const loss = losses.find(({ view }) => view.view === question.labels['view']) ?? losses[0];
    if (loss === undefined) return ruledOut('Reads of every view find their values as often as before.');
    const { view, step } = loss;
    const entities = await entityEvidence(context, loss);
    const { known, lost, examples, affected, others } = entities;
    const others_ = losses.filter((other) => other !== loss).map((other) => other.view.view);
    const also = others_.length === 0 ? '' : ` So are those of ${listed(others_)}.`;
    const proof = known >= MINIMUM_KNOWN ? ` ${lost} of ${known} customers whose values were there just before lost them.` : '';
    return found({
      strength: strengthOf(step, entities),
      title:
        `Reads of ${view.view} find nothing for ${percent(step.after)} of its values since ${timeOfDay(step.atMs)}, ${percent(step.before)} ` +
        `before: the model scores with defaults.${proof}${also}`,
      details: { view: view.view },
      stage: null,
      sinceMs: step.atMs,
      owner: view.owner,
      components: [view.view, pathway.pipeline, pathway.group],
      evidence: [entities.evidence],
      disproof:
        `An entity with values in the store whose read was not_found, explained by expiry; or losses that change from read to read ` +
        `(${counted(others, 'entity')} read both ways since then, ${affected} never found: ${listed(examples.slice(0, 3))}).`.replace(
          'entitys',
          'entities',
        ),
    });
  },
};

async function lossesOf({ reads, pathway }: FindingContext): Promise<readonly Loss[]> {
  const byView = await reads();
  return pathway.views
    .flatMap((view) => {
      const points = (byView.get(view.view) ?? []).map(({ atMs, decisions, notFoundShare }) => ({
        atMs,
        value: notFoundShare,
        weight: decisions,
      }));
      const step = findStep(points, { direction: 'up', minimumWeight: MINIMUM_DECISIONS });
      const isLost = step !== undefined && step.after - step.before >= MINIMUM_GAIN && shareDistance(step) >= MINIMUM_DISTANCE;
      return isLost ? [{ view, step }] : [];
    })
    .toSorted((a, b) => b.step.after - b.step.before - (a.step.after - a.step.before));
}

interface EntityFigures {
  /** Entities with values before that were read since. */
  readonly known: number;
  /** Of those, never found since. */
  readonly lost: number;
  /** Entities never found since. */
  readonly affected: number;
  /** Entities found at one read and not at another since. */
  readonly others: number;
  readonly examples: readonly string[];
}

function strengthOf(step: Step, { known, lost }: EntityFigures): number {
  const gain = step.after - step.before;
  const base = 0.55 + 0.2 * ramp(gain, MINIMUM_GAIN, 0.25);
  if (known < MINIMUM_KNOWN) return base;
  /* New customers have no values, and none of them had any. */
  return lost / known >= 0.3 * gain ? base + 0.2 : 0.3;
}

const STATEMENT = `SELECT toFloat64(countIf(had > 0 AND kept + missed > 0)) AS known_entities,
  toFloat64(countIf(had > 0 AND kept = 0 AND missed > 0)) AS lost_entities, toFloat64(countIf(kept = 0 AND missed > 0)) AS affected_entities,
  toFloat64(countIf(kept > 0 AND missed > 0)) AS changing_entities, toFloat64(countIf(kept + missed > 0)) AS read_entities,
  groupArrayIf(5)(entity, had > 0 AND kept = 0 AND missed > 0) AS example_entities
FROM (
  SELECT entity, countIf(NOT is_since AND missing < 0.5) AS had, countIf(is_since AND missing < 0.5) AS kept,
    countIf(is_since AND missing >= 0.5) AS missed
  FROM (
    SELECT entity, ${isSince('polled')} AS is_since, ${shareOf('not_found', '{view:String}')} AS missing
    FROM (SELECT entity, polled, feature_statuses, splitByChar(',', feature_set) AS names FROM ${TABLES.decisions}
      WHERE pipeline = {pipeline:String} AND ${within('polled')})
  ) GROUP BY entity
)`;

interface EntityRow {
  readonly known_entities: number;
  readonly lost_entities: number;
  readonly affected_entities: number;
  readonly changing_entities: number;
  readonly read_entities: number;
  readonly example_entities: readonly string[];
}

const NO_ENTITIES: EntityRow = {
  known_entities: 0,
  lost_entities: 0,
  affected_entities: 0,
  changing_entities: 0,
  read_entities: 0,
  example_entities: [],
};

async function entityEvidence(
  { ask }: FindingContext,
  { view, step }: Loss,
): Promise<EntityFigures & { readonly evidence: Evidence }> {
  const { sql, rows } = await ask<EntityRow>(STATEMENT, { view: `${view.view}.`, sinceMs: step.atMs });
  const row = rows[0] ?? NO_ENTITIES;
  const figures = {
    known: row.known_entities,
    lost: row.lost_entities,
    affected: row.affected_entities,
    others: row.changing_entities,
    examples: row.example_entities,
  };
  const same = figures.others <= 0.1 * figures.affected ? ' It is the same ones at each read.' : '';
  const summary =
    `${figures.affected} of ${row.read_entities} entities have no value of ${view.view} since ${timeOfDay(step.atMs)}; ${figures.lost} of ` +
    `${figures.known} that had them just before lost them.${same}`;
  return { ...figures, evidence: { summary, sql, rows: rows.map((found_) => ({ ...found_ })) } };
}
