import { type EpochMs, FATES, type Fate, STORES, type StateEntry, type StateWrite } from '#core';
import { runtimeError } from '../errors.ts';
import { FeatureState } from '../features/feature-state.ts';
import type { FeatureView } from '../features/view.ts';
import { OpenPredictions } from '../outcomes/open-predictions.ts';
import type { PipelineDefinition } from './definition.ts';
import { SeenEvents } from './seen-events.ts';

export type FateCounts = Record<Fate, number>;

/** A partition's progress as it is stored with each commit, and shown to people. */
export interface LaneProgress {
  /** Offset of the next record to read. */
  offset: number;
  /** Events read (watermarks are not events). */
  eventsRead: number;
  watermarkMs: EpochMs;
  /** Where the de-duplication window begins in the log. */
  seenFromOffset: number;
  fates: FateCounts;
  /** Quarantined events by reason. */
  reasons: Record<string, number>;
  outcomes: { positive: number; negative: number };
}

/** Reasons are bounded categories; beyond this many they are counted together. */
const MAX_REASONS = 200;
const OTHER_REASONS = 'other reasons';
const PROGRESS_KEY = 'progress';

/** All that belongs to one partition of a pipeline and moves with it. Changed by the stages, in offset order only. */
export class Lane {
  readonly partition: number;
  readonly progress: LaneProgress;
  readonly features: FeatureState;
  readonly openPredictions: OpenPredictions;
  readonly seen = new SeenEvents();

  constructor(partition: number, definition: PipelineDefinition, views: readonly FeatureView[]) {
    this.partition = partition;
    this.progress = emptyProgress();
    this.features = new FeatureState(partition, views);
    this.openPredictions = new OpenPredictions(partition, definition);
  }

  restoreProgress(entry: StateEntry): void {
    if (entry.key === PROGRESS_KEY) Object.assign(this.progress, parseProgress(entry.value));
  }

  /** Counts an event's end. */
  count(fate: Fate, reason: string | undefined): void {
    this.progress.fates[fate] += 1;
    if (reason === undefined || fate !== 'quarantined') return;
    const { reasons } = this.progress;
    const isBounded = reason in reasons || Object.keys(reasons).length < MAX_REASONS;
    const label = isBounded ? reason : OTHER_REASONS;
    reasons[label] = (reasons[label] ?? 0) + 1;
  }

  /** Everything that changed since the last call, to be committed with the offset. */
  takeWrites(): StateWrite[] {
    this.progress.seenFromOffset = this.seen.fromOffset ?? this.progress.offset;
    const value = Buffer.from(JSON.stringify(this.progress));
    return [
      { store: STORES.progress, partition: this.partition, key: PROGRESS_KEY, value },
      ...this.features.takeWrites(),
      ...this.openPredictions.takeWrites(),
    ];
  }
}

function emptyProgress(): LaneProgress {
  return {
    offset: 0,
    eventsRead: 0,
    watermarkMs: Number.MIN_SAFE_INTEGER,
    seenFromOffset: 0,
    fates: emptyFates(),
    reasons: {},
    outcomes: { positive: 0, negative: 0 },
  };
}

export function emptyFates(): FateCounts {
  return Object.fromEntries(FATES.map((fate) => [fate, 0])) as FateCounts;
}

function parseProgress(bytes: Uint8Array): LaneProgress {
  const progress = JSON.parse(new TextDecoder().decode(bytes)) as Partial<LaneProgress>;
  if (typeof progress.offset !== 'number' || typeof progress.fates !== 'object') {
    throw runtimeError(
      'RUNTIME_STATE_MISMATCH',
      'a partition’s stored progress cannot be read: start with --fresh to begin anew',
    );
  }
  return { ...emptyProgress(), ...progress, fates: { ...emptyFates(), ...progress.fates } };
}
