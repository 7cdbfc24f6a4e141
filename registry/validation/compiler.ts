import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { JsonSchema } from '../config.ts';
import { KEYWORDS } from './keywords.ts';

const FORMAT_NAMES = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'regex',
] as const;

/** The formats of JSON Schema 2020-12 that are asserted; others are refused when a contract is compiled. */
export const FORMATS = Object.fromEntries(FORMAT_NAMES.map((name) => [name, fullFormats[name]]));

/** A compiled schema: true or false, and the errors of the last call. */
export interface CompiledSchema {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** The x-… keywords of some schemas. */
function extensionsOf(schemas: Iterable<{ readonly schema: Readonly<Record<string, unknown>> }>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { schema } of schemas) for (const keyword of Object.keys(schema)) if (!KEYWORDS.has(keyword)) found.add(keyword);
  return found;
}

/**
 * One ajv a document, so that nothing of one contract is visible in another. It stops at the first error, looks at own properties only,
 * loads nothing, and knows the x-… keywords that the document uses (as annotations). It does not check the schema itself:
 * `checkDefinition` does, with the meta-schema.
 */
export function createAjv(schemas: Iterable<{ readonly schema: Readonly<Record<string, unknown>> }>): Ajv2020 {
  const ajv = new Ajv2020({
    ownProperties: true,
    allErrors: false,
    verbose: true,
    meta: false,
    validateSchema: false,
    strictSchema: true,
    strictNumbers: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowMatchingProperties: true,
    logger: false,
    formats: FORMATS,
  });
  // Known to ajv's resolver, but not to its strict mode.
  ajv.addKeyword({ keyword: '$anchor' });
  for (const keyword of extensionsOf(schemas)) ajv.addKeyword({ keyword });
  return ajv;
}

let metaSchema: Ajv2020 | undefined;

/** What the meta-schema of 2020-12 says of a schema. Compiled once in a process (40 ms): it is a pure function of a constant. */
export function metaSchemaErrors(schema: JsonSchema): readonly ErrorObject[] {
  metaSchema ??= new Ajv2020({ verbose: true, logger: false, formats: FORMATS });
  return metaSchema.validateSchema(schema) === true ? [] : (metaSchema.errors ?? []);
}
