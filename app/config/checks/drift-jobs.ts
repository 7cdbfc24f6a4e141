import { parseDuration } from '#core';
import type { DriftJobFile } from '#drift';
import type { Problem } from '../problem.ts';
import type { SourceFile } from '../source-file.ts';
import type { WorkspaceParts } from '../workspace-parts.ts';
import { checkReference } from './reference.ts';

interface WrittenJob {
  readonly source: SourceFile;
  readonly value: DriftJobFile;
}

/** A drift job watches a pipeline that there is; its quality window is made of whole steps, and fields are profiled by whole days. */
export function checkDriftJobs({ driftJob, declared }: WorkspaceParts): readonly Problem[] {
  return driftJob.flatMap((job) => {
    const { source, value } = job;
    const reference = { source, pointer: '/pipeline', name: value.pipeline, what: 'a pipeline (pipelines/*.yaml)' };
    return [...checkReference(reference, declared.pipeline), ...checkQuality(job), ...checkFields(job)];
  });
}

function checkQuality({ source, value: { window, quality } }: WrittenJob): readonly Problem[] {
  if (quality === undefined || isMadeOf(quality.window, window)) return [];
  const message = `quality.window ${quality.window} is not made of whole windows of ${window}`;
  return [source.problem({ pointer: '/quality/window' }, message, `write a multiple of ${window}`)];
}

function checkFields({ source, value: { window, fields } }: WrittenJob): readonly Problem[] {
  if (fields === undefined) return [];
  const durations = [
    ['/window', window],
    ['/fields/baseline', fields.baseline ?? '1d'],
  ] as const;
  return durations
    .filter(([, duration]) => !isMadeOf(duration, '1d'))
    .map(([pointer, duration]) => {
      const message = `${duration} is not made of whole days, and fields are profiled by day`;
      return source.problem({ pointer }, message, 'write a multiple of 1d, or leave fields out');
    });
}

function isMadeOf(duration: string, step: string): boolean {
  return parseDuration(duration) % parseDuration(step) === 0;
}
