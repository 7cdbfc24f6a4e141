import { type ContractRef, fingerprintOf } from '#core';
import type { CompatibilityLevel, ContractFile, JsonSchema, PiiKind } from '../config.ts';
import { registryError } from '../errors.ts';
import { checkDefinition } from '../validation/definition.ts';
import { createValidator, type DataValidator, type DataVerdict } from '../validation/validator.ts';

/** A property at the top of the event data. */
export interface ContractField {
  readonly name: string;
  /** JSON types that it may have; empty where the schema names none. */
  readonly types: readonly string[];
  readonly pii: PiiKind;
}

/** A place in the event data that says something of a person. */
export interface PiiField {
  /** JSON pointer into the data; `*` stands for items and for properties that are not declared by name. Covers all beneath it. */
  readonly pointer: string;
  readonly kind: PiiKind;
}

/** One version of what a subject’s events are: what they hold, who answers for them, how they may change. Immutable. */
export interface Contract extends ContractRef {
  readonly owner: string;
  readonly description: string;
  readonly compatibility: CompatibilityLevel;
  readonly schema: JsonSchema;
  /** Fingerprint of the schema (64 hex digits): the same version with another one was changed in place. */
  readonly fingerprint: string;
  readonly fields: ReadonlyMap<string, ContractField>;
  readonly piiFields: readonly PiiField[];
  readonly validator: DataValidator;
}

/** Compiles a contract. Throws REGISTRY_DEFINITION_INVALID where `checkDefinition` has findings. */
export function createContract(file: ContractFile): Contract {
  const findings = checkDefinition(file.schema);
  if (findings.length > 0) {
    const sentences = findings.map(({ pointer, message }) => `  schema${pointer}: ${message}`).join('\n');
    throw registryError(
      'REGISTRY_DEFINITION_INVALID',
      `the schema of ${file.subject} version ${file.version} is not sound:\n${sentences}`,
      {
        details: { subject: file.subject, version: file.version, findings },
      },
    );
  }
  const validator = createValidator(file.schema);
  const fields = [...validator.locations.root.children].map(
    ([name, { types, pii }]) => [name, { name, types: [...types], pii }] as const,
  );
  return Object.freeze({
    ...file,
    fingerprint: fingerprintOf(file.schema),
    fields: new Map(fields),
    piiFields: validator.locations.tagged(),
    validator,
  });
}

/** Validates an event’s data against its contract: fits, or a bounded reason and a sentence without personal data. */
export function validateData(contract: Contract, data: unknown): DataVerdict {
  return contract.validator.check(data);
}
