import type { ContractCatalog } from '#registry';
import type { Problem } from '../problem.ts';
import type { SourceFile } from '../source-file.ts';
import { nameHint } from './reference.ts';

/** A reference from a file to a property of a subject’s events. */
export interface FieldReference {
  readonly source: SourceFile;
  readonly pointer: string;
  readonly subject: string;
  readonly field: string;
  /** Whether it is computed with. */
  readonly isNumeric?: boolean;
}

/** A property that the latest contract of the subject does not have, or that is no number where one is needed. */
export function checkField(reference: FieldReference, catalog: ContractCatalog): readonly Problem[] {
  const { source, pointer, subject, field, isNumeric = false } = reference;
  const contract = catalog.find(subject);
  if (contract === undefined) return [];
  const known = contract.fields.get(field);
  const key = pointer.split('/').at(-1);
  if (known === undefined) {
    return [
      source.problem({ pointer }, `${key} ${field} is not a property of ${subject}`, nameHint(field, contract.fields.keys())),
    ];
  }
  const isNumber = known.types.some((type) => type === 'number' || type === 'integer');
  if (!isNumeric || (isNumber && known.types.every((type) => ['number', 'integer', 'null'].includes(type)))) return [];
  const numeric = [...contract.fields.values()].filter(({ types }) =>
    types.some((type) => type === 'number' || type === 'integer'),
  );
  const message = `${key} ${field} is ${known.types.join(' or ') || 'of no declared type'} in ${subject}, but must be a number`;
  return [
    source.problem(
      { pointer },
      message,
      nameHint(
        field,
        numeric.map(({ name }) => name),
      ),
    ),
  ];
}
