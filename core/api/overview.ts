import Type, { type Static } from 'typebox';
import { JourneySummary } from './journey.ts';
import { FateName, Latency, LatencyGoal, Nullable, Stage, Time } from './parts.ts';

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });

/** GET /api/health: what runs, and what waits. */
export const Health = Type.Object(
  {
    status: Type.Enum(['ok', 'degraded'], { description: 'degraded: scoring goes on, and something around it waits.' }),
    version: Type.String(),
    workspace: Type.String(),
    /** Words for people where something is not as it should be. */
    problems: Type.Array(Type.String()),
    telemetry: Type.Object(
      {
        status: Type.Enum(['ok', 'starting', 'unavailable', 'off']),
        engine: Type.String({ description: 'ClickHouse’s version, and whether embedded.' }),
        /** Records that wait in the outbox. */
        lagRecords: Count,
        problem: Nullable(Type.String()),
      },
      closed,
    ),
    replay: Type.Object(
      {
        /** backlog: as fast as possible; live: at its pace; done: the history has ended; none: the workspace has no history. */
        state: Type.Enum(['backlog', 'live', 'done', 'none']),
        published: Count,
        total: Nullable(Count),
        eventTime: Nullable(Time),
        /** Event seconds a second while live. */
        speed: Nullable(Type.Number()),
      },
      closed,
    ),
    eventsRead: Count,
    happenings: Type.Array(Type.String(), { description: 'Newest first.' }),
  },
  closed,
);
export type Health = Static<typeof Health>;

const StageLatency = Type.Object({ stage: Stage, latency: Latency, budget: Nullable(LatencyGoal) }, closed);

export const FateCount = Type.Object({ fate: FateName, name: Type.String(), meaning: Type.String(), events: Count }, closed);

/** A pipeline against its latency budget, its throughput and its fates. */
export const PipelineSummary = Type.Object(
  {
    name: Type.String(),
    owner: Type.String(),
    description: Type.String(),
    model: Type.String(),
    liveVersion: Nullable(Type.Integer({ description: 'null before the first promotion.' })),
    /** Live traffic only: backlog and skewed rows are left out. */
    latency: Type.Object(
      {
        windowSeconds: Type.Number(),
        decisions: Count,
        backlogDecisions: Type.Integer({ minimum: 0, description: 'Decisions of the window left out as backlog.' }),
        skewed: Count,
        breaches: Count,
        endToEnd: Latency,
        budget: LatencyGoal,
        stages: Type.Array(StageLatency),
      },
      closed,
    ),
    throughput: Type.Object(
      {
        /** Events read a second, over the last minute. */
        eventsPerSecond: Type.Number(),
        declaredPerSecond: Type.Number(),
        burstFactor: Type.Number(),
        /** Events read by minute of processing time, oldest first, at most 60. */
        minutes: Type.Array(Type.Object({ at: Time, events: Count, decisions: Count }, closed)),
      },
      closed,
    ),
    lagEvents: Count,
    fates: Type.Array(FateCount),
    reasons: Type.Array(Type.Object({ reason: Type.String(), events: Count }, closed), {
      description: 'Of quarantine; most first.',
    }),
    outcomes: Type.Object({ positive: Count, negative: Count, open: Count }, closed),
  },
  closed,
);
export type PipelineSummary = Static<typeof PipelineSummary>;

export const PipelineList = Type.Object({ pipelines: Type.Array(PipelineSummary) }, closed);
export type PipelineList = Static<typeof PipelineList>;

const Figure = Nullable(Type.Number());

export const MonthQuality = Type.Object(
  {
    month: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
    scored: Count,
    matured: Count,
    complete: Type.Boolean({ description: 'No outcome of the month is open.' }),
    baseRate: Figure,
    auc: Figure,
    logLoss: Figure,
    accuracy: Figure,
    calibrationError: Figure,
    frozen: Nullable(
      Type.Object(
        { matured: Count, auc: Figure, logLoss: Figure, accuracy: Figure },
        {
          ...closed,
          description:
            'What the model’s first version would have been, over the matured events of which its score is known; null where there are none.',
        },
      ),
    ),
    versions: Type.Array(Type.Integer()),
  },
  closed,
);

export const Change = Type.Object(
  {
    /** Event clock where it has one, else when it was recorded. */
    at: Time,
    recordedAt: Time,
    kind: Type.String({ description: 'contract_registered, training_requested, model_promoted …' }),
    subject: Type.String({ description: 'What changed.' }),
    summary: Type.String({ description: 'A sentence.' }),
    actor: Type.String(),
  },
  closed,
);
export type Change = Static<typeof Change>;

/** GET /api/timeline: the history on the event clock. */
export const Timeline = Type.Object(
  {
    days: Type.Array(
      Type.Object(
        {
          day: Type.String({ format: 'date' }),
          events: Count,
          scored: Count,
          collecting: Count,
          quarantined: Count,
        },
        closed,
      ),
      { description: 'At most 800, the newest.' },
    ),
    months: Type.Array(MonthQuality),
    total: Nullable(MonthQuality),
    changes: Type.Array(Change, { description: 'Oldest first, at most 500.' }),
  },
  closed,
);
export type Timeline = Static<typeof Timeline>;

/** A tick of GET /api/stream (server-sent events, event name `tick`): about one a second. */
export const StreamTick = Type.Object(
  {
    at: Time,
    health: Health,
    eventsPerSecond: Type.Number(),
    fates: Type.Array(FateCount),
    /** The newest decisions and quarantined events, newest first, at most 12. */
    latest: Type.Array(JourneySummary),
  },
  closed,
);
export type StreamTick = Static<typeof StreamTick>;
