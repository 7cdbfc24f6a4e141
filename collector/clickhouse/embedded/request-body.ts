import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { refusal } from './refusals.ts';

const DISCARD_FACTOR = 4;

/** Reads a body, unzipped, up to `maxBytes`. Refuses (TOO_LARGE_BODY, SUPPORT_IS_DISABLED) more, and other encodings than gzip. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return await collect(request, maxBytes);
  if (encoding !== 'gzip') {
    throw refusal('SUPPORT_IS_DISABLED', `the embedded engine takes bodies plain or as gzip, not as ${encoding.slice(0, 64)}`);
  }
  const plain = createGunzip();
  request.on('error', (error) => plain.destroy(error));
  return await collect(request.pipe(plain), maxBytes);
}

async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    // Whoever still sends does not read an answer, so what is too much is read and thrown away, within reason.
    else if (size > DISCARD_FACTOR * maxBytes) throw tooLarge(maxBytes);
    else chunks.length = 0;
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

function tooLarge(maxBytes: number): Error {
  return refusal('TOO_LARGE_BODY', `the body is larger than ${maxBytes} bytes; send it in parts`);
}

/** Reads what is left of a refused request, up to `maxBytes`, so that its sender gets to read the refusal. */
export async function discardRest(request: IncomingMessage, maxBytes: number): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) resolve();
    });
    request.on('close', resolve);
    request.on('end', resolve);
  });
}
