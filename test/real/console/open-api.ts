import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}

/** The document of GET /api/openapi.json. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const KEY = 'https://throughline.example/openapi.json';
const tokenOf = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Every operation as `get /api/health`. */
export function operationsOf({ paths }: ApiDocument): readonly string[] {
  return Object.entries(paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
}

/** Judges answers by the schemas of the document: `check` gives what is wrong, none where nothing is. Throws where a schema is none. */
export function createAnswerCheck(document: ApiDocument): (operation: string, answer: unknown) => readonly string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats, schemas: { [KEY]: document } });
  const checks = new Map(operationsOf(document).map((operation) => [operation, compile(operation)]));

  function compile(operation: string) {
    const [method = '', path = ''] = operation.split(' ');
    const content = document.paths[path]?.[method]?.responses['200']?.content ?? {};
    const [type] = Object.keys(content);
    if (type === undefined) throw new Error(`${operation} does not say what its 200 is`);
    const pointer = ['paths', path, method, 'responses', '200', 'content', type, 'schema'].map(tokenOf).join('/');
    return ajv.compile({ $ref: `${KEY}#/${pointer}` });
  }

  return (operation, answer) => {
    const check = checks.get(operation);
    if (check === undefined) return [`the document has no ${operation}`];
    return check(answer)
      ? []
      : (check.errors ?? []).map(({ instancePath, message }) => `${operation} ${instancePath} ${message ?? ''}`);
  };
}

/** An export without spans, over OTLP: what the API answers. */
export async function sendNoSpans(address: string): Promise<unknown> {
  const body = JSON.stringify({ resourceSpans: [] });
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!response.ok) throw new Error(`${response.status} of POST ${address}`);
  return await response.json();
}

/** What the API answers at an address: JSON, a text, or the data of a stream's first event. */
export async function answerAt(address: string): Promise<unknown> {
  const response = await fetch(address);
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/plain')) return response.text();
  return type.startsWith('text/event-stream') ? firstTick(response) : response.json();
}

async function firstTick({ body, url }: Response): Promise<unknown> {
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    const [, data] = /^data: (.+)$/mu.exec(text) ?? [];
    if (data !== undefined) return JSON.parse(data) as unknown;
  }
  throw new Error(`${url} ended without a tick`);
}
