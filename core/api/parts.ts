import Type, { type Static } from 'typebox';
import { STAGES } from '../names.ts';
import { FATES } from '../records.ts';

/** Parts of the API's answers that several of them hold. Times are ISO 8601 in UTC; µs and ms are in the names. */

const closed = { additionalProperties: false } as const;

export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC.' });
export const Nullable = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) => Type.Union([schema, Type.Null()]);
export const FateName = Type.Enum([...FATES], { description: 'What became of an event.' });
export const Stage = Type.Enum([...STAGES, 'unattributed'], {
  description: 'A stage of the latency budget, or what none of them holds.',
});

export const EventIdentity = Type.Object(
  {
    source: Type.String(),
    id: Type.String(),
    type: Type.String({ description: 'CloudEvents type, the contract’s subject.' }),
    time: Type.String({ format: 'date-time', description: 'The event’s own time.' }),
  },
  closed,
);

export const Position = Type.Object(
  { topic: Type.String(), partition: Type.Integer(), offset: Type.Integer() },
  { ...closed, description: 'Where the event stands in the log.' },
);

export const Contract = Type.Object(
  {
    subject: Type.String(),
    version: Type.Integer(),
    owner: Nullable(Type.String({ description: 'The team that answers for it.' })),
  },
  closed,
);

export const ModelVersion = Type.Object({ name: Type.String(), version: Type.Integer(), role: Type.String() }, closed);

/** Stands for the entity: an HMAC where its property is tagged as personal data. */
export const Entity = Type.Object(
  {
    value: Type.String({ description: 'The entity, or its pseudonym (16 hex digits).' }),
    isPseudonym: Type.Boolean(),
    property: Type.String({ description: 'The property of the event data that names it.' }),
  },
  closed,
);

/** Mean and percentiles in milliseconds; null where there is nothing to compute them from. */
export const Latency = Type.Object(
  {
    meanMs: Nullable(Type.Number()),
    p50Ms: Nullable(Type.Number()),
    p95Ms: Nullable(Type.Number()),
    p99Ms: Nullable(Type.Number()),
  },
  closed,
);
export type Latency = Static<typeof Latency>;

export const LatencyGoal = Type.Object({ meanMs: Type.Number(), p95Ms: Type.Number(), p99Ms: Type.Number() }, closed);

/** A span as it is stored, for a waterfall. */
export const Span = Type.Object(
  {
    traceId: Type.String(),
    spanId: Type.String(),
    parentSpanId: Type.String({ description: 'Empty for a root.' }),
    name: Type.String(),
    kind: Type.String(),
    service: Type.String(),
    start: Time,
    startUs: Type.Number({ description: 'µs since the trace’s first span began.' }),
    durationUs: Type.Number(),
    status: Type.String({ description: 'Unset, Ok or Error.' }),
    statusMessage: Type.String(),
    attributes: Type.Record(Type.String(), Type.String()),
    links: Type.Array(Type.Object({ traceId: Type.String(), spanId: Type.String() }, closed)),
  },
  closed,
);
export type Span = Static<typeof Span>;

/** The event as it came, with personal data masked. */
export const RawEvent = Type.Union([
  Type.Object(
    {
      status: Type.Literal('shown'),
      headers: Type.Record(Type.String(), Type.String()),
      key: Nullable(Type.String()),
      /** Masked values read '•••'. */
      data: Type.Unknown(),
      masked: Type.Array(Type.String(), { description: 'JSON pointers of what is masked.' }),
      note: Nullable(Type.String({ description: 'A sentence where more is masked than a contract asks for.' })),
    },
    closed,
  ),
  Type.Object(
    {
      status: Type.Literal('not_shown'),
      reason: Type.String({ description: 'A sentence: removed by retention, not readable.' }),
    },
    closed,
  ),
]);

export const Problem = Type.Object(
  { code: Type.String({ description: 'Stable; docs/reference/errors.md has them all.' }), message: Type.String() },
  { ...closed, description: 'What is wrong, where, and what to do.' },
);
export type Problem = Static<typeof Problem>;
