import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Static, TSchema } from 'typebox';
import { findClosest } from '#core';
import { describeValue, expectationOf } from '#registry';
import type { Problem } from './problem.ts';
import { FILE_LIMITS, type SourceFile, tokensOf } from './source-file.ts';

/** A file’s value with its type, or what is wrong with it. */
export type SchemaVerdict<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks files of one kind against its schema. */
export type SchemaCheck<T> = (source: SourceFile) => SchemaVerdict<T>;

interface Finding {
  readonly pointer: string;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint?: string | undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `/features/0/window` as people write it: features[0].window. */
function labelOf(pointer: string): string {
  const text = tokensOf(pointer)
    .map((token) => (/^\d+$/u.test(token) ? `[${token}]` : `.${token}`))
    .join('');
  return text === '' ? 'the file' : text.replace(/^\./u, '');
}

function propertiesOf(error: ErrorObject): Readonly<Record<string, unknown>> {
  const properties: unknown = error.parentSchema?.['properties'];
  return isRecord(properties) ? properties : {};
}

function descriptionOf(schema: unknown): string | undefined {
  const description = isRecord(schema) ? schema['description'] : undefined;
  return typeof description === 'string' ? description : undefined;
}

function child(pointer: string, name: unknown): string {
  return `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function missing(error: ErrorObject): Finding {
  const name = String(error.params['missingProperty']);
  const description = descriptionOf(propertiesOf(error)[name]);
  const hint = description === undefined ? 'add it' : `add it: ${description}`;
  return {
    pointer: error.instancePath,
    part: 'key',
    message: `${labelOf(error.instancePath)} must have the property '${name}'`,
    hint,
  };
}

function unknown(error: ErrorObject): Finding {
  const name = String(error.params['additionalProperty']);
  const known = Object.keys(propertiesOf(error));
  const meant = findClosest(name, known);
  const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${meant}?`;
  const where = error.instancePath === '' ? 'here' : `in ${labelOf(error.instancePath)}`;
  return { pointer: child(error.instancePath, name), part: 'key', message: `'${name}' is not a property ${where}`, hint };
}

function closest(error: ErrorObject): string | undefined {
  const allowed: unknown = error.params['allowedValues'];
  const meant =
    typeof error.data === 'string' && Array.isArray(allowed) ? findClosest(error.data, allowed.map(String)) : undefined;
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

function misfit(error: ErrorObject): Finding {
  const label = labelOf(error.instancePath);
  const found = describeValue(error.data);
  if (error.keyword === 'pattern') {
    const hint = descriptionOf(error.parentSchema) ?? expectationOf(error);
    return {
      pointer: error.instancePath,
      part: 'value',
      message: `${label} is ${found}, which is not of the expected form`,
      hint,
    };
  }
  const hint = error.keyword === 'enum' ? closest(error) : undefined;
  return { pointer: error.instancePath, part: 'value', message: `${label} ${expectationOf(error)} but is ${found}`, hint };
}

function findingOf(error: ErrorObject): Finding {
  if (error.keyword === 'required') return missing(error);
  return error.keyword === 'additionalProperties' ? unknown(error) : misfit(error);
}

/** One complaint for alternatives, instead of one for each of them. */
function collapsed(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map(({ schemaPath }) => `${schemaPath}/`);
  return errors.filter(({ schemaPath }) => !unions.some((union) => schemaPath.startsWith(union)));
}

/** A key that was misspelt is also missing under its right name: one complaint is enough. */
function isMisspelt(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  const name: unknown = error.params['missingProperty'];
  return (
    error.keyword === 'required' &&
    errors.some(
      (other) =>
        other.keyword === 'additionalProperties' &&
        other.instancePath === error.instancePath &&
        findClosest(String(other.params['additionalProperty']), Object.keys(propertiesOf(other))) === name,
    )
  );
}

function problemsOf(errors: readonly ErrorObject[], source: SourceFile): readonly Problem[] {
  const kept = collapsed(errors.slice(0, FILE_LIMITS.maxProblems * 4)).filter((error, _index, all) => !isMisspelt(error, all));
  return kept.slice(0, FILE_LIMITS.maxProblems).map((error) => {
    const { pointer, part, message, hint } = findingOf(error);
    return source.problem({ pointer, part }, message, hint);
  });
}

/** A check of files against a TypeBox schema, with sentences at the right lines; at most 50 problems a file. */
export function createSchemaCheck<S extends TSchema>(schema: S): SchemaCheck<Static<S>> {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    ownProperties: true,
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
  });
  const fits: ValidateFunction<Static<S>> = ajv.compile<Static<S>>(schema);
  return (source) => {
    const { value } = source;
    return fits(value) ? { ok: true, value } : { ok: false, problems: problemsOf(fits.errors ?? [], source) };
  };
}
