import { parseDuration } from '#core';
import type { DriftJobFile } from './config.ts';

/** When a measure is over its limit, with every default filled in. */
export type DriftLimits = Required<NonNullable<DriftJobFile['limits']>>;

/** A drift job with every default filled in; durations in ms. */
export interface DriftJobSpec {
  readonly name: string;
  readonly owner: string;
  readonly description: string;
  readonly pipeline: string;
  readonly windowMs: number;
  readonly minimumRows: number;
  readonly limits: DriftLimits;
  /** Undefined: realised quality is not measured. */
  readonly quality: { readonly windowMs: number; readonly minimumOutcomes: number; readonly loss: number } | undefined;
  /** Undefined: the fields of events are not compared. */
  readonly fields: { readonly ratio: number; readonly minimumValues: number; readonly baselineMs: number } | undefined;
}

const LIMITS: DriftLimits = { consecutive: 2, psi: 0.2, ks: 0.15, nullRate: 0.1, newCategory: 0.05, significance: 0.01 };
const MINIMUM_ROWS = 100;
const QUALITY = { minimumOutcomes: 200, loss: 0.03 } as const;
const FIELDS = { ratio: 5, minimumValues: 50 } as const;
/** Where a file names no baseline of its fields. */
const BASELINE_WINDOWS = 8;

/** The job that a checked file describes. */
export function parseDriftJob(file: DriftJobFile): DriftJobSpec {
  const windowMs = parseDuration(file.window);
  return {
    name: file.job,
    owner: file.owner,
    description: file.description,
    pipeline: file.pipeline,
    windowMs,
    minimumRows: file.minimumRows ?? MINIMUM_ROWS,
    limits: { ...LIMITS, ...file.limits },
    quality: file.quality && { ...QUALITY, ...file.quality, windowMs: parseDuration(file.quality.window) },
    fields: file.fields && {
      ...FIELDS,
      ...file.fields,
      baselineMs: file.fields.baseline === undefined ? BASELINE_WINDOWS * windowMs : parseDuration(file.fields.baseline),
    },
  };
}
