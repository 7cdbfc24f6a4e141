/** Wire types of the protobuf encoding that ONNX files need. */
const WIRE = { varint: 0, lengthDelimited: 2, fixed32: 5 } as const;

const encoder = new TextEncoder();

/**
 * Writes protobuf fields in the order of the calls; the caller keeps field numbers ascending, so equal input gives equal bytes.
 * Source: protobuf.dev, Encoding. Repeated scalars are written unpacked, the default of proto2 (onnx.proto).
 */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];

  /** int64 or enum; a whole number of any sign within ±2^53. */
  integer(field: number, value: number): this {
    this.#tag(field, WIRE.varint);
    if (value >= 0) this.#varint(value);
    else this.#negative(BigInt(value));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, WIRE.fixed32);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#chunks.push(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, WIRE.lengthDelimited);
    this.#varint(value.length);
    this.#chunks.push(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish());
  }

  /** Everything written so far, as one buffer. */
  finish(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#chunks));
  }

  #tag(field: number, wire: number): void {
    this.#varint(field * 8 + wire);
  }

  /** Seven bits a byte, the lowest first; of a whole number up to 2^53. */
  #varint(value: number): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
    this.#chunks.push(Uint8Array.from(bytes));
  }

  /** Two's complement of 64 bits. */
  #negative(value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.#chunks.push(Uint8Array.from(bytes));
  }
}
