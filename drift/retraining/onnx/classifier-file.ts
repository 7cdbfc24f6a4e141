import type { ModelRef } from '#core';
import { type OnnxConstant, type OnnxNode, TENSOR_TYPES, writeModelFile } from './model-file.ts';

/** Names of a classifier's one input (float32 [N, inputs]) and of its outputs (int64 [N]; float32 [N, 2]: negative, positive). */
export const GRAPH_NAMES = { input: 'features', label: 'label', probabilities: 'probabilities' } as const;

/** What a written model is called, and its lineage for metadata_props. */
export interface ModelFileOptions extends ModelRef {
  readonly metadata: Readonly<Record<string, string>>;
}

/** What turns {@link GRAPH_NAMES}.input into the two outputs: nodes in the order of their data flow. */
export interface ClassifierGraph {
  readonly columnCount: number;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

/** The bytes of an ONNX file with the signature that the runtime asks of a model; the same graph and options give the same bytes. */
export function writeClassifierFile({ columnCount, nodes, constants }: ClassifierGraph, options: ModelFileOptions): Uint8Array {
  return writeModelFile({
    graphName: options.name,
    version: options.version,
    nodes,
    constants,
    inputs: [{ name: GRAPH_NAMES.input, type: TENSOR_TYPES.float, dimensions: ['N', columnCount] }],
    outputs: [
      { name: GRAPH_NAMES.label, type: TENSOR_TYPES.int64, dimensions: ['N'] },
      { name: GRAPH_NAMES.probabilities, type: TENSOR_TYPES.float, dimensions: ['N', 2] },
    ],
    metadata: options.metadata,
  });
}
