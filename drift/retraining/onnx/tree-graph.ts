import type { BoostedTrees } from '../boosting/boosted-trees.ts';
import type { Tree } from '../boosting/tree.ts';
import { GRAPH_NAMES, type ModelFileOptions, writeClassifierFile } from './classifier-file.ts';
import type { OnnxNode } from './model-file.ts';

/** A tree of nothing but a leaf: adds the same to every row. */
function constantTree(logOdds: number): Tree {
  return {
    columns: Int32Array.of(-1),
    thresholds: new Float32Array(1),
    missingLeft: new Uint8Array(1),
    left: new Int32Array(1),
    right: new Int32Array(1),
    values: Float32Array.of(logOdds),
  };
}

/** Attributes of all trees' nodes, in the order of the nodes. */
interface NodeColumns {
  readonly treeIds: number[];
  readonly nodeIds: number[];
  readonly columns: number[];
  readonly modes: string[];
  readonly thresholds: number[];
  readonly trueIds: number[];
  readonly falseIds: number[];
  readonly missingTracksTrue: number[];
}

/** Attributes of all trees' leaves. */
interface LeafColumns {
  readonly treeIds: number[];
  readonly nodeIds: number[];
  readonly weights: number[];
}

function addNode(nodes: NodeColumns, tree: Tree, { treeId, node }: { readonly treeId: number; readonly node: number }): void {
  const column = tree.columns[node] ?? -1;
  nodes.treeIds.push(treeId);
  nodes.nodeIds.push(node);
  nodes.columns.push(Math.max(column, 0));
  nodes.modes.push(column < 0 ? 'LEAF' : 'BRANCH_LEQ');
  nodes.thresholds.push(tree.thresholds[node] ?? 0);
  nodes.trueIds.push(tree.left[node] ?? 0);
  nodes.falseIds.push(tree.right[node] ?? 0);
  nodes.missingTracksTrue.push(tree.missingLeft[node] ?? 0);
}

function flatten(trees: readonly Tree[]): { readonly nodes: NodeColumns; readonly leaves: LeafColumns } {
  const nodes: NodeColumns = {
    treeIds: [],
    nodeIds: [],
    columns: [],
    modes: [],
    thresholds: [],
    trueIds: [],
    falseIds: [],
    missingTracksTrue: [],
  };
  const leaves: LeafColumns = { treeIds: [], nodeIds: [], weights: [] };
  for (const [treeId, tree] of trees.entries()) {
    for (const [node, column] of tree.columns.entries()) {
      addNode(nodes, tree, { treeId, node });
      if (column >= 0) continue;
      leaves.treeIds.push(treeId);
      leaves.nodeIds.push(node);
      leaves.weights.push(tree.values[node] ?? 0);
    }
  }
  return { nodes, leaves };
}

function classifier(trees: readonly Tree[]): OnnxNode {
  const { nodes, leaves } = flatten(trees);
  return {
    operator: 'TreeEnsembleClassifier',
    domain: 'ai.onnx.ml',
    inputs: [GRAPH_NAMES.input],
    outputs: [GRAPH_NAMES.label, GRAPH_NAMES.probabilities],
    attributes: {
      // One class alone has weights, the first: that is how a runtime knows the binary case, whose score is the second class’s.
      class_ids: { type: 'integers', value: leaves.weights.map(() => 0) },
      class_nodeids: { type: 'integers', value: leaves.nodeIds },
      class_treeids: { type: 'integers', value: leaves.treeIds },
      class_weights: { type: 'floats', value: leaves.weights },
      classlabels_int64s: { type: 'integers', value: [0, 1] },
      nodes_falsenodeids: { type: 'integers', value: nodes.falseIds },
      nodes_featureids: { type: 'integers', value: nodes.columns },
      nodes_missing_value_tracks_true: { type: 'integers', value: nodes.missingTracksTrue },
      nodes_modes: { type: 'texts', value: nodes.modes },
      nodes_nodeids: { type: 'integers', value: nodes.nodeIds },
      nodes_treeids: { type: 'integers', value: nodes.treeIds },
      nodes_truenodeids: { type: 'integers', value: nodes.trueIds },
      nodes_values: { type: 'floats', value: nodes.thresholds },
      post_transform: { type: 'text', value: 'LOGISTIC' },
    },
  };
}

/**
 * The initial log odds as trees, one of them negative: onnxruntime tells the label by another threshold where no leaf is below 0.
 * Both are exact, as LEAF_STEP has it.
 */
function initialTrees(logOdds: number): readonly Tree[] {
  return [constantTree(-1), constantTree(logOdds + 1)];
}

/**
 * ONNX file of boosted trees: one TreeEnsembleClassifier on the raw inputs, with LOGISTIC. The same model and options give the same bytes. Source of TreeEnsembleClassifier: ONNX operators, ai.onnx.ml 3.
 */
export function writeBoostedModel(model: BoostedTrees, options: ModelFileOptions): Uint8Array {
  const trees = [...initialTrees(model.initialLogOdds), ...model.trees];
  return writeClassifierFile({ columnCount: model.columnCount, nodes: [classifier(trees)], constants: [] }, options);
}
