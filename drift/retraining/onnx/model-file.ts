import { ProtobufWriter } from './protobuf-writer.ts';

/** TensorProto.DataType of onnx.proto, those in use. */
export const TENSOR_TYPES = { float: 1, int64: 7, bool: 9 } as const;
type TensorType = (typeof TENSOR_TYPES)[keyof typeof TENSOR_TYPES];

/** AttributeProto.AttributeType of onnx.proto, those in use. */
const ATTRIBUTE_TYPES = { integer: 2, text: 3, floats: 6, integers: 7, texts: 8 } as const;

/** A node's attribute, tagged by its type. */
export type OnnxAttribute =
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'integers'; readonly value: readonly number[] }
  | { readonly type: 'texts'; readonly value: readonly string[] };

/** One operator of the graph; `domain` '' is ai.onnx. */
export interface OnnxNode {
  readonly operator: string;
  readonly domain: '' | 'ai.onnx.ml';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant of the graph: float32 values, or booleans as 0 and 1, in row-major order. */
export interface OnnxConstant {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly data: { readonly type: 'float' | 'bool'; readonly values: readonly number[] };
}

/** An input or output of the graph; a dimension by name ('N') may be of any length. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly dimensions: readonly (number | string)[];
}

/** All that goes into an ONNX file. */
export interface OnnxModel {
  readonly graphName: string;
  readonly version: number;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  /** Becomes metadata_props, by key order. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** IR 8 with opset 17 and ai.onnx.ml 3: ONNX 1.12 (2022), which every runtime of the last years reads. */
const VERSIONS = { ir: 8, opset: 17, mlOpset: 3 } as const;

function writeAttribute(name: string, attribute: OnnxAttribute): ProtobufWriter {
  const writer = new ProtobufWriter().text(1, name);
  switch (attribute.type) {
    case 'integer':
      writer.integer(3, attribute.value);
      break;
    case 'text':
      writer.text(4, attribute.value);
      break;
    case 'floats':
      for (const value of attribute.value) writer.float(7, value);
      break;
    case 'integers':
      for (const value of attribute.value) writer.integer(8, value);
      break;
    case 'texts':
      for (const value of attribute.value) writer.text(9, value);
      break;
  }
  return writer.integer(20, ATTRIBUTE_TYPES[attribute.type]);
}

function writeNode(node: OnnxNode): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, node.outputs.join(',')).text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) writer.message(5, writeAttribute(name, attribute));
  return node.domain === '' ? writer : writer.text(7, node.domain);
}

/** raw_data is little-endian whatever the machine. */
function littleEndianFloats(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(index * 4, value, true);
  return bytes;
}

function writeConstant({ name, dimensions, data }: OnnxConstant): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const dimension of dimensions) writer.integer(1, dimension);
  writer.integer(2, TENSOR_TYPES[data.type]).text(8, name);
  return writer.bytes(9, data.type === 'float' ? littleEndianFloats(data.values) : Uint8Array.from(data.values));
}

function writeDimension(dimension: number | string): ProtobufWriter {
  const writer = new ProtobufWriter();
  return typeof dimension === 'number' ? writer.integer(1, dimension) : writer.text(2, dimension);
}

function writeTensor(tensor: OnnxTensor): ProtobufWriter {
  const shape = new ProtobufWriter();
  for (const dimension of tensor.dimensions) shape.message(1, writeDimension(dimension));
  const tensorType = new ProtobufWriter().integer(1, tensor.type).message(2, shape);
  return new ProtobufWriter().text(1, tensor.name).message(2, new ProtobufWriter().message(1, tensorType));
}

function writeGraph(model: OnnxModel): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const node of model.nodes) writer.message(1, writeNode(node));
  writer.text(2, model.graphName);
  for (const constant of model.constants) writer.message(5, writeConstant(constant));
  for (const input of model.inputs) writer.message(11, writeTensor(input));
  for (const output of model.outputs) writer.message(12, writeTensor(output));
  return writer;
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

/**
 * The bytes of an ONNX file (ModelProto), the same for the same model. Source of the field numbers: onnx.proto of ONNX 1.12,
 * github.com/onnx/onnx. Nodes must stand in the order of their data flow.
 */
export function writeModelFile(model: OnnxModel): Uint8Array {
  const writer = new ProtobufWriter()
    .integer(1, VERSIONS.ir)
    .text(2, 'throughline')
    .integer(5, model.version)
    .message(7, writeGraph(model))
    .message(8, new ProtobufWriter().text(1, '').integer(2, VERSIONS.opset))
    .message(8, new ProtobufWriter().text(1, 'ai.onnx.ml').integer(2, VERSIONS.mlOpset));
  for (const [key, value] of Object.entries(model.metadata).sort(byKey)) {
    writer.message(14, new ProtobufWriter().text(1, key).text(2, value));
  }
  return writer.finish();
}
