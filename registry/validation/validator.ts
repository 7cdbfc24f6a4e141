import type { JsonSchema } from '../config.ts';
import { type CompiledSchema, createAjv } from './compiler.ts';
import { SchemaDocument } from './document.ts';
import { Locations } from './locations.ts';
import { type Violation, violationOf } from './violation.ts';

/** What validation says: fits, or why not. */
export type DataVerdict = { readonly ok: true } | Violation;

const VALID: DataVerdict = Object.freeze({ ok: true });

const TOO_DEEP: DataVerdict = Object.freeze({
  ok: false,
  reason: '/ depth',
  message: 'data is nested too deeply to be validated; send flatter events',
});

/** A contract’s schema, compiled. */
export interface DataValidator {
  readonly locations: Locations;
  /** Checks parsed JSON; allocates nothing where the data fits. */
  check(data: unknown): DataVerdict;
}

/** Compiles a schema that `checkDefinition` found sound. */
export function createValidator(schema: JsonSchema): DataValidator {
  const document = new SchemaDocument(schema);
  const locations = new Locations(document);
  const compiled: CompiledSchema = createAjv(document.schemas).compile(schema);
  const check = (data: unknown): DataVerdict => {
    try {
      return compiled(data) ? VALID : violationOf(compiled.errors ?? [], locations);
    } catch (error) {
      // A schema that refers to itself follows the data down; the stack is the only limit it has.
      if (error instanceof RangeError) return TOO_DEEP;
      throw error;
    }
  };
  return { locations, check };
}
