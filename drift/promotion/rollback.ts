import { type Clock, CONTROL_TYPES, controlRecord, type EventLog, findClosest, type ModelPromoted } from '#core';
import { driftError } from '../errors.ts';
import type { ReviewPlace } from './gate-step.ts';
import type { RollbackOrder, RolledBack } from './governed-model.ts';
import { type LineOfModels, liveOf, readLineOfModels } from './line-of-models.ts';

const SOURCE = '/throughline/people';

/** Versions that decided before and do not now, the latest first: what a roll-back may go to. */
export function rollbackTargets({ promoted }: Pick<LineOfModels, 'promoted'>): readonly number[] {
  const live = promoted.at(-1)?.version;
  const versions = promoted.map(({ version }) => version).toReversed();
  return [...new Set(versions)].filter((version) => version !== live);
}

/** The version that decided before the live one. */
function previousOf({ promoted }: LineOfModels, live: ModelPromoted): number | undefined {
  return live.replaces ?? promoted.findLast(({ version }) => version !== live.version)?.version;
}

function targetOf(line: LineOfModels, live: ModelPromoted, { to }: RollbackOrder): number {
  const targets = rollbackTargets(line);
  const wanted = to ?? previousOf(line, live);
  if (wanted === live.version)
    throw driftError('DRIFT_ROLLBACK_REFUSED', `${live.name} v${live.version} decides already: name an earlier version`);
  if (wanted === undefined || targets[0] === undefined)
    throw driftError(
      'DRIFT_ROLLBACK_REFUSED',
      `${live.name} v${live.version} is the only version that ever decided: there is nothing to go back to`,
    );
  if (targets.includes(wanted)) return wanted;
  const known = targets.map((version) => `v${version}`).join(', ');
  throw driftError(
    'DRIFT_MODEL_UNKNOWN',
    `${live.name} v${wanted} never decided, so it is no version to go back to; those are ${known}`,
  );
}

export interface RollbackParts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly pipeline: string;
  readonly model: string;
}

/**
 * Lets an earlier version decide from the place on, by a person's order: a promotion with cause `rollback`. Nothing at or behind the
 * place may have been scored yet. Throws DRIFT_MODEL_UNKNOWN, DRIFT_ROLLBACK_REFUSED, BROKER_*.
 */
export async function rollBack(parts: RollbackParts, order: RollbackOrder, place: ReviewPlace): Promise<RolledBack> {
  const { log, clock, pipeline, model } = parts;
  const line = await readLineOfModels(log, parts);
  const live = liveOf(line);
  if (live === undefined) {
    throw driftError(
      'DRIFT_ROLLBACK_REFUSED',
      `no version of ${model} decides in pipeline ${pipeline} yet: there is nothing to roll back`,
    );
  }
  const version = targetOf(line, live, order);
  const requestId = `${pipeline}/${model}/rollback/${line.promoted.length}`;
  const rolledBack: RolledBack = {
    name: model,
    version,
    requestId,
    pipeline,
    role: 'live',
    cause: 'rollback',
    replaces: live.version,
    ...place,
    reason: `Rolled back from v${live.version}: ${order.reason.trim().replace(/\.$/u, '')}`,
    actor: order.actor,
  };
  const fact = { type: CONTROL_TYPES.modelPromoted, id: requestId, source: SOURCE, key: model, fact: rolledBack };
  await log.commit({ records: [controlRecord(fact, clock)] });
  return rolledBack;
}

/** The sentence for a model that is not there. */
export function unknownModel(name: string, known: readonly string[]): Error {
  const meant = findClosest(name, known);
  const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`;
  return driftError('DRIFT_MODEL_UNKNOWN', `there is no model ${name} in this workspace: ${hint}`);
}
