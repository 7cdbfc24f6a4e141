import type { ModelLineage, ModelRef, TrainingRequested } from '#core';
import type { TrainerSettings } from '../config.ts';
import type { Candidate } from './candidate.ts';
import type { ModelInput } from './preprocessing.ts';
import type { TrainingSet } from './training-set.ts';

/** Everything about a training but its parity, which is measured on the file that carries this. */
export type LineageOfFile = Omit<ModelLineage, 'parity'>;

/** What came together in a training. */
export interface TrainingFacts {
  readonly request: TrainingRequested;
  readonly inputs: readonly ModelInput[];
  readonly settings: TrainerSettings;
  readonly trainedBy: string;
  readonly set: TrainingSet;
  readonly candidate: Candidate;
}

/** Lineage of a candidate; `parameters.inputs` spells out the preprocessing as JSON. */
export function lineageOf({ request, inputs, settings, trainedBy, set, candidate }: TrainingFacts): LineageOfFile {
  const { algorithm, ...parameters } = settings;
  return {
    requestId: request.requestId,
    algorithm,
    window: request.window,
    rows: set.labels.length,
    positives: set.positives,
    inputs: inputs.map(({ feature }) => feature),
    dataFingerprint: set.fingerprint,
    parameters: { ...parameters, inputs: JSON.stringify(inputs) },
    metrics: candidate.metrics,
    trainedBy,
  };
}

/** metadata_props of the file: no time of its making, so that the same training gives the same bytes. */
export function metadataOf(lineage: LineageOfFile, { name, version }: ModelRef): Record<string, string> {
  const { inputs, ...parameters } = lineage.parameters;
  return {
    model: name,
    version: String(version),
    request_id: lineage.requestId,
    algorithm: lineage.algorithm,
    window_from: new Date(lineage.window.fromMs).toISOString(),
    window_to: new Date(lineage.window.toMs).toISOString(),
    rows: String(lineage.rows),
    positives: String(lineage.positives),
    inputs: String(inputs),
    data_fingerprint: lineage.dataFingerprint,
    parameters: JSON.stringify(parameters),
    metrics: JSON.stringify(lineage.metrics),
    throughline: lineage.trainedBy,
  };
}
