import type { Static } from 'typebox';
import type { StoredRecord, StoredSummary } from '#collector';
import type {
  ContractAnswer,
  ContractRef,
  EpochMs,
  EventIdentity,
  EventWindow,
  Journey,
  JourneySummary,
  RecordedEvent,
} from '#core';
import type { Entities } from '../http/deps.ts';
import type { WorkspaceIndex } from './workspace-index.ts';

export interface ViewContext {
  readonly index: WorkspaceIndex;
  readonly entities: Entities;
}

/** ISO 8601, UTC. */
export function timeOf(ms: EpochMs): string {
  return new Date(ms).toISOString();
}

/** A window of event time as the API has it. */
export function windowOf({ fromMs, toMs }: EventWindow): { from: string; to: string } {
  return { from: timeOf(fromMs), to: timeOf(toMs) };
}

export function identityOf({ source, id, type, timeMs }: RecordedEvent): Static<typeof EventIdentity> {
  return { source, id, type, time: timeOf(timeMs) };
}

export function contractAnswer({ subject, version }: ContractRef, index: WorkspaceIndex): Static<typeof ContractAnswer> {
  return { subject, version, owner: index.ownerOf(subject, version) };
}

/** The entity as it is stored: a pseudonym where its property is tagged. */
export function entityAnswer(
  { entity, pipeline, event }: Pick<StoredRecord, 'entity' | 'pipeline' | 'event'>,
  { index, entities }: ViewContext,
): Journey['entity'] {
  return { value: entity, isPseudonym: entities.isPseudonym, property: index.entityProperty(pipeline, event.type) };
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** A line of a list. */
export function summaryOf(stored: StoredSummary, context: ViewContext): JourneySummary {
  const { pipeline, endToEndUs } = stored;
  const info = context.index.pipelines.find(({ file }) => file.pipeline === pipeline);
  const boundUs = info === undefined ? Number.POSITIVE_INFINITY : info.budget.p99Ms * 1000;
  return {
    fate: stored.fate,
    event: identityOf(stored.event),
    entity: stored.entity === '' || info === undefined ? null : entityAnswer(stored, context),
    pipeline,
    model: orNull(stored.model),
    score: orNull(stored.score),
    decision: orNull(stored.decision),
    label: orNull(stored.label),
    reason: orNull(stored.reason),
    traceId: stored.traceId,
    endToEndUs: orNull(endToEndUs),
    isBreach: stored.isLive && endToEndUs !== undefined && endToEndUs > boundUs,
    replay: stored.replay,
  };
}
