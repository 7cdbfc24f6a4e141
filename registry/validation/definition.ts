import { findClosest, messageOf } from '#core';
import { type JsonSchema, PII_KINDS } from '../config.ts';
import { createAjv, FORMATS, metaSchemaErrors } from './compiler.ts';
import { DOCUMENT_LIMITS, type PlacedSchema, SchemaDocument } from './document.ts';
import { expectationOf } from './expectation.ts';
import { escapeToken, isObject, KEYWORDS, OWN_KEYWORDS } from './keywords.ts';

/** What is wrong with a schema, and where in it. */
export interface DefinitionFinding {
  /** JSON pointer into the schema. */
  readonly pointer: string;
  /** Whether the pointer’s key or its value is to blame. */
  readonly at: 'key' | 'value';
  readonly reason: 'keyword' | 'reference' | 'value' | 'limit' | 'compile';
  /** A sentence: what is wrong and what was expected. */
  readonly message: string;
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const MAX_UNIT_LENGTH = 32;

type Rule = (value: unknown, placed: PlacedSchema, document: SchemaDocument) => string | undefined;

const checkReference: Rule = (value, { base }, document) => {
  if (document.has(value, base)) return undefined;
  const shown = JSON.stringify(value);
  return document.isInside(value, base)
    ? `there is no schema at ${shown}: put it under $defs and write '#/$defs/…'`
    : `$ref ${shown} leads out of the document; nothing is fetched: put the schema under $defs and write '#/$defs/…'`;
};

/** ajv 8.20 fails 16 of the official suite’s cases for it, and what is tagged as PII behind it could not be told. */
function refuseDynamic(): string {
  return '$dynamicRef and $dynamicAnchor are not supported: validators disagree on what they mean; write $ref and $anchor';
}

function checkPattern(pattern: unknown): string | undefined {
  try {
    new RegExp(String(pattern), 'u');
    return undefined;
  } catch {
    return `${JSON.stringify(pattern)} is not a regular expression (ECMA-262, with the u flag)`;
  }
}

const RULES: Readonly<Record<string, { readonly reason: DefinitionFinding['reason']; readonly check: Rule }>> = {
  $ref: { reason: 'reference', check: checkReference },
  $dynamicRef: { reason: 'reference', check: refuseDynamic },
  $dynamicAnchor: { reason: 'reference', check: refuseDynamic },
  $schema: {
    reason: 'value',
    check: (value) =>
      value === DRAFT ? undefined : `$schema must be ${DRAFT} (or be left out), but is ${JSON.stringify(value)}`,
  },
  format: {
    reason: 'value',
    check: (value) =>
      Object.hasOwn(FORMATS, String(value))
        ? undefined
        : `format ${JSON.stringify(value)} is not checked by anything; known are ${Object.keys(FORMATS).join(', ')}`,
  },
  pattern: { reason: 'value', check: checkPattern },
  patternProperties: {
    reason: 'value',
    check: (value) =>
      isObject(value)
        ? Object.keys(value)
            .map(checkPattern)
            .find((message) => message !== undefined)
        : undefined,
  },
  if: {
    reason: 'value',
    check: (_value, { schema }) =>
      'then' in schema || 'else' in schema ? undefined : "'if' alone does nothing: give it then or else",
  },
  properties: {
    reason: 'value',
    check: (value) =>
      isObject(value) && Object.hasOwn(value, '__proto__')
        ? 'a property cannot be called __proto__: validators skip that name, so its rules would never apply'
        : undefined,
  },
  'x-pii': {
    reason: 'value',
    check: (value) =>
      PII_KINDS.some((kind) => kind === value)
        ? undefined
        : `x-pii must be one of ${PII_KINDS.join(', ')}, but is ${JSON.stringify(value)}`,
  },
  'x-unit': {
    reason: 'value',
    check: (value) =>
      typeof value === 'string' && value.length > 0 && value.length <= MAX_UNIT_LENGTH
        ? undefined
        : `x-unit must be a short text such as GBP, but is ${JSON.stringify(value)}`,
  },
};

function unknownKeyword(keyword: string): string | undefined {
  if (KEYWORDS.has(keyword)) return undefined;
  const isExtension = /^x-[a-z0-9-]+$/u.test(keyword);
  const meant = findClosest(keyword, isExtension ? OWN_KEYWORDS : [...KEYWORDS.keys(), ...OWN_KEYWORDS]);
  if (isExtension && (meant === undefined || meant === keyword)) return undefined;
  const hint = meant === undefined ? 'own annotations start with x-' : `did you mean ${meant}?`;
  return `'${keyword}' is not a keyword of JSON Schema 2020-12, so nothing would apply it; ${hint}`;
}

function keywordFindings(placed: PlacedSchema, document: SchemaDocument): readonly DefinitionFinding[] {
  return Object.entries(placed.schema).flatMap(([keyword, value]): DefinitionFinding[] => {
    const pointer = `${placed.pointer}/${escapeToken(keyword)}`;
    const unknown = unknownKeyword(keyword);
    if (unknown !== undefined) return [{ pointer, at: 'key', reason: 'keyword', message: unknown }];
    const rule = Object.hasOwn(RULES, keyword) ? RULES[keyword] : undefined;
    const message = rule?.check(value, placed, document);
    return rule === undefined || message === undefined ? [] : [{ pointer, at: 'value', reason: rule.reason, message }];
  });
}

/** What the meta-schema says: a keyword with a value that it cannot have. The deepest complaint of each place is kept. */
function valueFindings(schema: JsonSchema): readonly DefinitionFinding[] {
  const seen = new Set<string>();
  return metaSchemaErrors(schema).flatMap((error): DefinitionFinding[] => {
    const pointer = error.instancePath;
    if (seen.has(pointer)) return [];
    seen.add(pointer);
    const label = pointer === '' ? 'the schema' : `'${pointer.split('/').at(-1)}'`;
    return [{ pointer, at: 'value', reason: 'value', message: `${label} ${expectationOf(error)}` }];
  });
}

function compileFindings(document: SchemaDocument, schema: JsonSchema): readonly DefinitionFinding[] {
  try {
    createAjv(document.schemas).compile(schema);
    return [];
  } catch (error) {
    return [{ pointer: '', at: 'value', reason: 'compile', message: `the schema does not compile: ${messageOf(error)}` }];
  }
}

/**
 * Whether a schema is one that we can validate events with; an empty list means yes. A sound schema is JSON Schema 2020-12, uses only
 * its keywords and x-…, refers only to itself, and stays within DOCUMENT_LIMITS.
 */
export function checkDefinition(schema: unknown): readonly DefinitionFinding[] {
  if (!isObject(schema))
    return [{ pointer: '', at: 'value', reason: 'value', message: 'a schema must be an object of keywords' }];
  const document = new SchemaDocument(schema);
  if (document.beyondLimits !== undefined) {
    const { maxDepth, maxSchemas } = DOCUMENT_LIMITS;
    const message = `the schema goes beyond ${maxDepth} levels or ${maxSchemas} parts here; split the event into smaller ones`;
    return [{ pointer: document.beyondLimits, at: 'value', reason: 'limit', message }];
  }
  const findings = document.schemas.flatMap((placed) => keywordFindings(placed, document));
  if (findings.length > 0) return findings;
  const values = valueFindings(schema);
  return values.length > 0 ? values : compileFindings(document, schema);
}
