/** A field as it stands on the wire: varints as bigint, fixed32 as float, everything else as bytes. */
export interface WireField {
  readonly field: number;
  readonly value: bigint | number | Uint8Array;
}

/** Reads a protobuf message field by field; knows the three wire types of ONNX files. */
export function readMessage(bytes: Uint8Array): readonly WireField[] {
  const fields: WireField[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    if ((tag & 7) === 0) fields.push({ field: tag >> 3, value: BigInt.asIntN(64, varint()) });
    else if ((tag & 7) === 5) {
      fields.push({ field: tag >> 3, value: view.getFloat32(at, true) });
      at += 4;
    } else if ((tag & 7) === 2) {
      const length = Number(varint());
      fields.push({ field: tag >> 3, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new Error(`wire type ${tag & 7} at ${at}`);
  }
  return fields;
}

function bytesOf({ value }: WireField): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error('not length-delimited');
}

/** Sub-messages of a field, in order. */
export function messagesOf(message: readonly WireField[], field: number): readonly (readonly WireField[])[] {
  return message.filter((candidate) => candidate.field === field).map((candidate) => readMessage(bytesOf(candidate)));
}

/** Texts of a repeated string field, in order. */
export function textsOf(message: readonly WireField[], field: number): readonly string[] {
  return message
    .filter((candidate) => candidate.field === field)
    .map((candidate) => new TextDecoder().decode(bytesOf(candidate)));
}

/** Scalars of a field, in order, as numbers. */
export function numbersOf(message: readonly WireField[], field: number): readonly number[] {
  return message.filter((candidate) => candidate.field === field).map(({ value }) => Number(value));
}

/** metadata_props of an ONNX file. */
export function metadataPropsOf(onnx: Uint8Array): Readonly<Record<string, string>> {
  return Object.fromEntries(messagesOf(readMessage(onnx), 14).map((entry) => [textsOf(entry, 1)[0], textsOf(entry, 2)[0]]));
}
