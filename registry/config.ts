import Type, { type Static } from 'typebox';

/** How a subject may change, in the words of Confluent’s registry. */
export const COMPATIBILITY_LEVELS = [
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
  'NONE',
] as const;
export type CompatibilityLevel = (typeof COMPATIBILITY_LEVELS)[number];

/**
 * What a property says of a person (`x-pii` inside the schema), from nothing to most harmful. `none`: somebody looked, it says nothing.
 * `pseudonym`: names a person only together with other data (customer number, device id). `personal`: names, reaches or describes a
 * person (name, e-mail, address, birth date). `sensitive`: does harm when known (health, payment card, government id).
 * Everything but `none` is masked in messages, and masked or keyed-hashed wherever it is stored or shown.
 */
export const PII_KINDS = ['none', 'pseudonym', 'personal', 'sensitive'] as const;
export type PiiKind = (typeof PII_KINDS)[number];

/** A JSON Schema 2020-12 as an object; `checkDefinition` says whether it is one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Names of subjects: as the runtime writes them. */
export const SUBJECT_PATTERN = '^[a-z][a-z0-9_.-]{0,63}$';

/** A contract in the workspace: `contracts/*.yaml`. */
export const ContractFile = Type.Object(
  {
    subject: Type.String({
      pattern: SUBJECT_PATTERN,
      description: 'The events it is about (CloudEvents type): lower-case letters, digits, . _ -, starting with a letter.',
    }),
    version: Type.Integer({ minimum: 1, description: 'Counts from 1 without gaps; a file a version.' }),
    owner: Type.String({ minLength: 1, description: 'The team that answers for it; declared in workspace.yaml.' }),
    description: Type.String({ minLength: 1, description: 'What has happened when this event is sent.' }),
    compatibility: Type.Enum([...COMPATIBILITY_LEVELS], {
      description:
        'What the next version may change. BACKWARD: new consumers read old events; FORWARD: old consumers read new events; FULL: both; …_TRANSITIVE: against every version.',
    }),
    schema: Type.Unsafe<JsonSchema>(
      Type.Object(
        {},
        {
          description:
            'JSON Schema 2020-12 of the event’s data. Ours: x-pii (none, pseudonym, personal, sensitive) and x-unit (such as GBP). A $ref stays inside the document.',
        },
      ),
    ),
  },
  { additionalProperties: false, title: 'Throughline contract' },
);
export type ContractFile = Static<typeof ContractFile>;
