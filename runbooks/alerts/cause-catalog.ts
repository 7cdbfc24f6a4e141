import type { CauseAlert } from './cause.ts';
import { CANDIDATE_GAP } from './causes/candidate-gap.ts';
import { CONSUMER_GROUP_EMPTY } from './causes/consumer-group-empty.ts';
import { CONSUMER_GROUP_LAGGING } from './causes/consumer-group-lagging.ts';
import { EVENT_STUCK } from './causes/event-stuck.ts';
import { FEATURE_VALUES_MISSING } from './causes/feature-values-missing.ts';
import { FEATURE_VIEW_STALE } from './causes/feature-view-stale.ts';
import { FIELD_MEANING_CHANGED } from './causes/field-meaning-changed.ts';
import { OUTCOMES_NOT_JOINED } from './causes/outcomes-not-joined.ts';
import { PIPELINE_SILENT } from './causes/pipeline-silent.ts';
import { QUARANTINE_GROWING } from './causes/quarantine-growing.ts';
import { WATCHDOG } from './causes/watchdog.ts';

/** All alerts that alerts/*.yaml may write; those of SLOs follow from the SLOs. */
export const CAUSE_CATALOG: readonly CauseAlert[] = [
  PIPELINE_SILENT,
  CONSUMER_GROUP_EMPTY,
  CONSUMER_GROUP_LAGGING,
  EVENT_STUCK,
  QUARANTINE_GROWING,
  FIELD_MEANING_CHANGED,
  FEATURE_VIEW_STALE,
  FEATURE_VALUES_MISSING,
  CANDIDATE_GAP,
  OUTCOMES_NOT_JOINED,
  WATCHDOG,
];

/** The alert of this name; undefined: it is an SLO's. */
export function findCause(name: string): CauseAlert | undefined {
  return CAUSE_CATALOG.find(({ alert }) => alert === name);
}
