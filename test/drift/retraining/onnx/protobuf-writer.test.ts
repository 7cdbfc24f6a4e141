import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../../drift/retraining/onnx/protobuf-writer.ts';
import { messagesOf, numbersOf, readMessage, textsOf } from './protobuf-reader.ts';

describe('ProtobufWriter', () => {
  it.each([
    { name: "protobuf.dev's 150", bytes: new ProtobufWriter().integer(1, 150).finish(), hex: '089601' },
    { name: "protobuf.dev's testing", bytes: new ProtobufWriter().text(2, 'testing').finish(), hex: '120774657374696e67' },
    { name: '−2, in ten bytes', bytes: new ProtobufWriter().integer(1, -2).finish(), hex: '08feffffffffffffffff01' },
    { name: 'a field number over 15', bytes: new ProtobufWriter().integer(20, 0).finish(), hex: 'a00100' },
    { name: 'a float', bytes: new ProtobufWriter().float(2, 1).finish(), hex: '150000803f' },
  ])('writes $name', ({ bytes, hex }) => {
    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.maxSafeInteger(), { maxLength: 20 }),
        fc.array(fc.string({ unit: 'binary', maxLength: 50 }), { maxLength: 5 }),
        fc.array(fc.float({ noNaN: true })),
        (integers, texts, floats) => {
          const inner = new ProtobufWriter();
          for (const value of integers) inner.integer(3, value);
          for (const value of texts) inner.text(4, value);
          for (const value of floats) inner.float(500, value);
          const [read = []] = messagesOf(readMessage(new ProtobufWriter().message(9, inner).finish()), 9);
          expect(numbersOf(read, 3).map((value) => value + 0)).toEqual(integers.map((value) => value + 0));
          expect(textsOf(read, 4)).toEqual(texts);
          expect(numbersOf(read, 500)).toEqual(floats);
        },
      ),
    );
  });
});
