import Type, { type Static } from 'typebox';
import {
  Contract,
  Entity,
  EventIdentity,
  FateName,
  LatencyGoal,
  ModelVersion,
  Nullable,
  Position,
  RawEvent,
  Span,
  Stage,
  Time,
} from './parts.ts';

const closed = { additionalProperties: false } as const;

const FeatureValue = Type.Object(
  {
    name: Type.String({ description: 'view.name' }),
    view: Type.String(),
    value: Nullable(Type.Number()),
    status: Type.Enum(['present', 'stale', 'not_found']),
    eventTime: Nullable(Type.String({ format: 'date-time', description: 'Of the newest event behind the value.' })),
    ageSeconds: Nullable(Type.Number({ description: 'The scored event’s time minus eventTime.' })),
    isInput: Type.Boolean({ description: 'Whether the model reads it.' }),
  },
  closed,
);

const StageTime = Type.Object(
  {
    stage: Stage,
    us: Type.Number({ description: 'Negative only where the clocks are skewed.' }),
    /** µs after the log took the event; null for what no pair of marks holds. */
    fromUs: Nullable(Type.Number()),
    budget: Nullable(LatencyGoal),
  },
  closed,
);

const JourneyLatency = Type.Object(
  {
    /** Backlog is out of latency SLIs: its broker_wait says how long the history waited, not how slow the pipeline is. */
    isBacklog: Type.Boolean(),
    isSkewed: Type.Boolean(),
    /** Append to acknowledgement, µs; null where the batch record is missing (the process ended between commit and record). */
    endToEndUs: Nullable(Type.Number()),
    /** In the order an event meets them, unattributed last; they add up to endToEndUs. */
    stages: Type.Array(StageTime),
    budget: LatencyGoal,
    isBreach: Type.Boolean({ description: 'Longer than the budget’s p99, and neither backlog nor skewed.' }),
  },
  closed,
);

const Outcome = Type.Object(
  {
    status: Type.Enum(['known', 'open'], { description: 'open: the horizon has not passed and nothing has settled it.' }),
    name: Type.String(),
    label: Nullable(Type.Enum([0, 1])),
    maturedAt: Nullable(Time),
    horizonEnds: Time,
    /** The event that made it positive; null where the horizon passed without one. */
    settledBy: Nullable(Type.Object({ source: Type.String(), id: Type.String() }, closed)),
    feedbackSeconds: Nullable(Type.Number({ description: 'From the event to the outcome, event clock.' })),
  },
  closed,
);

/** A scored (or collecting) event's way: event → contract → features → prediction → outcome. */
export const Journey = Type.Object(
  {
    kind: Type.Literal('journey'),
    fate: Type.Enum(['scored', 'collecting']),
    event: EventIdentity,
    pipeline: Type.Object({ name: Type.String(), owner: Type.String() }, closed),
    position: Position,
    appendedAt: Time,
    replay: Type.Boolean(),
    traceId: Type.String(),
    entity: Entity,
    contract: Contract,
    features: Type.Array(FeatureValue),
    /** null while collecting. */
    prediction: Nullable(
      Type.Object(
        {
          id: Type.String(),
          model: ModelVersion,
          score: Type.Number(),
          decision: Type.String(),
          threshold: Type.Number(),
          below: Type.String({ description: 'The decision under the threshold.' }),
          topic: Type.String(),
        },
        closed,
      ),
    ),
    outcome: Outcome,
    latency: JourneyLatency,
    /** Empty where the trace was not kept. */
    spans: Type.Array(Span),
    raw: RawEvent,
  },
  { ...closed, $id: 'Journey' },
);
export type Journey = Static<typeof Journey>;

/** What became of an event that was not scored. */
export const Receipt = Type.Object(
  {
    kind: Type.Literal('receipt'),
    fate: FateName,
    event: EventIdentity,
    pipeline: Type.Object({ name: Type.String(), owner: Type.String() }, closed),
    position: Position,
    /** null where retention removed the event from the log. */
    appendedAt: Nullable(Time),
    replay: Type.Boolean(),
    traceId: Type.String(),
    entity: Nullable(Entity),
    contract: Nullable(Contract),
    views: Type.Array(Type.String(), { description: 'Feature views that took it.' }),
    reason: Nullable(Type.String({ description: 'Bounded category.' })),
    detail: Nullable(Type.String({ description: 'The sentence behind the reason.' })),
    /** Of a duplicate: the first delivery's offset in the same partition. */
    duplicateOf: Nullable(Type.Integer()),
    /** Predictions whose features saw it, oldest first. */
    usedBy: Type.Array(
      Type.Object(
        {
          event: EventIdentity,
          score: Nullable(Type.Number()),
          decision: Nullable(Type.String()),
          label: Nullable(Type.Enum([0, 1])),
        },
        closed,
      ),
    ),
    usedByMore: Type.Boolean({ description: 'There are more than are listed.' }),
    spans: Type.Array(Span),
    raw: RawEvent,
  },
  { ...closed, $id: 'Receipt' },
);
export type Receipt = Static<typeof Receipt>;

/** One event by its id. The same id may come from several sources: then the others are named too. */
export const EventAnswer = Type.Object(
  {
    found: Type.Union([Journey, Receipt]),
    /** Other sources with an event of this id; ask with ?source=. */
    otherSources: Type.Array(Type.String()),
    /** Other records of the same (source, id): redeliveries, late copies. */
    deliveries: Type.Array(Type.Object({ fate: FateName, position: Position }, closed)),
  },
  closed,
);
export type EventAnswer = Static<typeof EventAnswer>;

/** A line of a search's answer. */
export const JourneySummary = Type.Object(
  {
    fate: FateName,
    event: EventIdentity,
    entity: Nullable(Entity),
    pipeline: Type.String(),
    model: Nullable(ModelVersion),
    score: Nullable(Type.Number()),
    decision: Nullable(Type.String()),
    label: Nullable(Type.Enum([0, 1])),
    reason: Nullable(Type.String()),
    traceId: Type.String(),
    endToEndUs: Nullable(Type.Number()),
    isBreach: Type.Boolean(),
    replay: Type.Boolean(),
  },
  closed,
);
export type JourneySummary = Static<typeof JourneySummary>;

/** GET /api/journeys: filters combine; every answer is bounded and paged. */
export const JourneySearch = Type.Object(
  {
    pipeline: Type.Optional(Type.String({ maxLength: 64 })),
    entity: Type.Optional(Type.String({ maxLength: 256, description: 'As the producer writes it, or its pseudonym.' })),
    traceId: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    fate: Type.Optional(FateName),
    reason: Type.Optional(Type.String({ maxLength: 300 })),
    decision: Type.Optional(Type.String({ maxLength: 64 })),
    label: Type.Optional(Type.Integer({ minimum: 0, maximum: 1, description: 'Only predictions with this outcome.' })),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Event time, inclusive.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Event time, exclusive.' })),
    breached: Type.Optional(Type.Boolean({ description: 'Only what broke the latency budget’s p99.' })),
    order: Type.Optional(
      Type.Enum(['newest', 'oldest', 'slowest'], {
        description: 'By event time (default newest); slowest: of live traffic, by end to end.',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 300, description: 'From the page before.' })),
  },
  closed,
);
export type JourneySearch = Static<typeof JourneySearch>;

export const JourneyPage = Type.Object(
  { items: Type.Array(JourneySummary), next: Nullable(Type.String({ description: 'Cursor of the next page.' })) },
  closed,
);
export type JourneyPage = Static<typeof JourneyPage>;

/** GET /api/find?q=: what the one box understands. */
export const FindAnswer = Type.Object(
  {
    query: Type.String(),
    matches: Type.Array(
      Type.Object(
        {
          kind: Type.Enum(['event', 'entity', 'trace']),
          /** Address in the console. */
          href: Type.String(),
          title: Type.String(),
          detail: Type.String(),
        },
        closed,
      ),
    ),
    /** A sentence where nothing matches: what was looked for, and what to try. */
    hint: Nullable(Type.String()),
  },
  closed,
);
export type FindAnswer = Static<typeof FindAnswer>;
