import { canonicalJson, type ModelRef } from '#core';
import { ALGORITHM_SPECS } from './algorithms.ts';
import type { Candidate } from './candidate.ts';
import type { FittingTask, LineageOfFile } from './model-fitter.ts';

/**
 * Lineage of a candidate. `parameters` holds the settings of the algorithm that won; `trainer` all settings, and `inputs` the
 * preprocessing, each as JSON: the choice between algorithms can be made again.
 */
export function lineageOf({ request, inputs, settings, trainedBy, set }: FittingTask, candidate: Candidate): LineageOfFile {
  return {
    requestId: request.requestId,
    algorithm: candidate.algorithm,
    window: request.window,
    rows: set.labels.length,
    positives: set.positives,
    inputs: inputs.map(({ feature }) => feature),
    dataFingerprint: set.fingerprint,
    parameters: {
      ...settings[ALGORITHM_SPECS[candidate.algorithm].key],
      minimumRows: settings.minimumRows,
      seed: settings.seed,
      trainer: canonicalJson(settings),
      inputs: JSON.stringify(inputs),
    },
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
