import type { LogisticModel } from '../logistic-model.ts';
import type { ModelInput } from '../preprocessing.ts';
import { GRAPH_NAMES, type ModelFileOptions, writeClassifierFile } from './classifier-file.ts';
import type { OnnxConstant, OnnxNode } from './model-file.ts';

/** A graph under construction: the tensor that the next node reads, and what has been built so far. */
interface Chain {
  readonly tensor: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

function operator(name: string, inputs: readonly string[], output: string): OnnxNode {
  return { operator: name, domain: '', inputs, outputs: [output], attributes: {} };
}

function fillMissing(inputs: readonly ModelInput[]): Chain {
  return {
    tensor: 'filled',
    nodes: [
      operator('IsNaN', [GRAPH_NAMES.input], 'is_missing'),
      operator('Where', ['is_missing', 'missing_values', GRAPH_NAMES.input], 'filled'),
    ],
    constants: [
      {
        name: 'missing_values',
        dimensions: [1, inputs.length],
        data: { type: 'float', values: inputs.map(({ missing }) => missing) },
      },
    ],
  };
}

/** ln(1 + max(x, 0)) on the columns that ask for it; nothing is added where none does. */
function transform(chain: Chain, inputs: readonly ModelInput[]): Chain {
  const mask = inputs.map((input) => (input.transform === 'log1p' ? 1 : 0));
  if (!mask.includes(1)) return chain;
  return {
    tensor: 'prepared',
    nodes: [
      ...chain.nodes,
      operator('Max', [chain.tensor, 'zero'], 'not_negative'),
      operator('Add', ['not_negative', 'one'], 'plus_one'),
      operator('Log', ['plus_one'], 'logarithm'),
      operator('Where', ['log1p_columns', 'logarithm', chain.tensor], 'prepared'),
    ],
    constants: [
      ...chain.constants,
      { name: 'zero', dimensions: [1], data: { type: 'float', values: [0] } },
      { name: 'one', dimensions: [1], data: { type: 'float', values: [1] } },
      { name: 'log1p_columns', dimensions: [1, inputs.length], data: { type: 'bool', values: mask } },
    ],
  };
}

function classifier(model: LogisticModel, tensor: string): OnnxNode {
  return {
    operator: 'LinearClassifier',
    domain: 'ai.onnx.ml',
    inputs: [tensor],
    outputs: [GRAPH_NAMES.label, GRAPH_NAMES.probabilities],
    attributes: {
      classlabels_ints: { type: 'integers', value: [0, 1] },
      coefficients: { type: 'floats', value: [...model.coefficients.map((value) => -value), ...model.coefficients] },
      intercepts: { type: 'floats', value: [-model.intercept, model.intercept] },
      multi_class: { type: 'integer', value: 0 },
      post_transform: { type: 'text', value: 'LOGISTIC' },
    },
  };
}

/**
 * ONNX file of a logistic regression: fill NaN, log1p where asked, LinearClassifier with LOGISTIC; no ZipMap.
 * The same model and options give the same bytes. Source of LinearClassifier: ONNX operators, ai.onnx.ml 1.
 */
export function writeLogisticModel(model: LogisticModel, options: ModelFileOptions): Uint8Array {
  const { tensor, nodes, constants } = transform(fillMissing(model.inputs), model.inputs);
  const graph = { columnCount: model.inputs.length, nodes: [...nodes, classifier(model, tensor)], constants };
  return writeClassifierFile(graph, options);
}
