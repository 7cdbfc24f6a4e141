import Type, { type Static } from 'typebox';
import { DURATION_PATTERN, STAGES, type StageName } from '#core';

/** The runtime's part of the workspace: the schema of each file; `Static<…>` of it is the type, and editors get the same. */

const Name = (description: string) => Type.String({ pattern: '^[a-z][a-z0-9_.-]{0,63}$', description });
const Duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description} A whole number and a unit: 250ms, 10s, 15m, 1h, 30d.` });
const Owner = Type.String({ minLength: 1, description: 'The team that answers for it; declared in workspace.yaml.' });
const Prose = (description: string) => Type.String({ minLength: 1, description });
const Day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description });
const closed = { additionalProperties: false } as const;

export const AGGREGATES = ['count', 'sum', 'mean', 'min', 'max', 'last', 'days_since'] as const;

const Feature = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9_]{0,63}$',
      description: 'Short name; elsewhere it is referred to as view.name.',
    }),
    aggregate: Type.Enum([...AGGREGATES], {
      description: 'What is computed over the window; days_since is the time since the newest event, in days.',
    }),
    of: Type.Optional(Prose('The numeric property of the event data; not for count and days_since.')),
    window: Duration('Sliding window of event time, in steps of the view’s granularity.'),
    description: Type.Optional(Prose('What it means.')),
  },
  closed,
);

export const FeatureViewFile = Type.Object(
  {
    view: Name('Name of the feature view.'),
    version: Type.Integer({ minimum: 1 }),
    owner: Owner,
    description: Prose('What the view holds, and whether it sees the scored event’s own basket.'),
    subject: Name('The events it aggregates (CloudEvents type).'),
    entity: Prose('The property of the event data that names the entity.'),
    granularity: Duration('Width of a pane; windows move in whole panes and are multiples of it.'),
    ownEvent: Type.Enum(['included', 'excluded'], {
      description: 'Whether a scored event of this subject counts towards its own features.',
    }),
    staleAfter: Type.Optional(Duration('A value whose newest event is older than this is served with status stale.')),
    features: Type.Array(Feature, { minItems: 1 }),
  },
  { ...closed, title: 'Throughline feature view' },
);
export type FeatureViewFile = Static<typeof FeatureViewFile>;

const LatencyGoal = Type.Object(
  { mean: Duration('Mean.'), p95: Duration('95th percentile.'), p99: Duration('99th percentile.') },
  closed,
);

const LatencyBudget = Type.Object(
  {
    total: LatencyGoal,
    stages: Type.Object(
      Object.fromEntries(STAGES.map((stage) => [stage, LatencyGoal])) as Record<StageName, typeof LatencyGoal>,
      { ...closed, description: 'By stage; the means add up to no more than the total’s.' },
    ),
  },
  closed,
);

const Throughput = Type.Object(
  {
    eventsPerSecond: Type.Number({ exclusiveMinimum: 0, description: 'Sustained rate the pipeline is built for.' }),
    burstFactor: Type.Number({ minimum: 1, description: 'How many times that rate a burst may bring.' }),
    atLimit: Type.Enum(['queue'], { description: 'What happens to more: it waits in the log, and lag grows.' }),
    why: Prose('Where the figures come from.'),
  },
  closed,
);

const Delivery = Type.Object(
  {
    guarantee: Type.Enum(['exactly-once', 'at-least-once'], {
      description: 'The embedded log gives exactly-once for both: output, feature state and offset are one transaction.',
    }),
    why: Prose('The risk that decides it.'),
  },
  closed,
);

export const PipelineFile = Type.Object(
  {
    pipeline: Name('Name of the pipeline, and of its consumer group.'),
    owner: Owner,
    description: Prose('What it is for.'),
    topic: Type.Object(
      {
        name: Name('Topic that it reads.'),
        partitions: Type.Integer({ minimum: 1, maximum: 256 }),
        retention: Duration('How long events are kept, by ingest time.'),
      },
      closed,
    ),
    scores: Type.Object(
      { subject: Name('The events that are scored.'), entity: Prose('The property of the event data that names the entity.') },
      closed,
    ),
    model: Name('The model that scores.'),
    decision: Type.Object(
      {
        threshold: Type.Number({ minimum: 0, maximum: 1 }),
        below: Name('Decision where the score is under the threshold.'),
        otherwise: Name('Decision elsewhere.'),
        emits: Type.Optional(
          Type.Object(
            { topic: Name('Where they go.'), subject: Name('Contract of such an event.') },
            { ...closed, description: 'Each decision under the threshold goes out as an event of its own, too.' },
          ),
        ),
      },
      closed,
    ),
    predictions: Type.Object({ topic: Name('Where predictions go.'), subject: Name('Contract of a prediction.') }, closed),
    outcome: Type.Object(
      {
        name: Name('Name of the label.'),
        subject: Name('The event that makes it positive, if it comes within the horizon.'),
        horizon: Duration('Event time after which no such event means negative.'),
        description: Prose('What counts, and what does not.'),
      },
      closed,
    ),
    deduplication: Type.Object(
      {
        window: Duration(
          'A redelivery is recognised this far behind the watermark; an event further behind is late and never scored.',
        ),
      },
      closed,
    ),
    delivery: Delivery,
    onError: Type.Optional(
      Type.Enum(['quarantine', 'stop'], {
        default: 'quarantine',
        description:
          'An event that makes a stage fail: quarantine puts it aside and goes on; stop tries again, then stops. What breaks its contract is quarantined in any case.',
      }),
    ),
    latencyBudget: LatencyBudget,
    throughput: Throughput,
    batch: Type.Object(
      {
        maxEvents: Type.Integer({ minimum: 1, maximum: 10_000 }),
        maxWait: Duration('How long a batch waits for a first event.'),
      },
      closed,
    ),
  },
  { ...closed, title: 'Throughline pipeline' },
);
export type PipelineFile = Static<typeof PipelineFile>;

const ModelInput = Type.Object(
  {
    feature: Type.String({ pattern: '^[a-z][a-z0-9_.-]*\\.[a-z][a-z0-9_-]*$', description: 'view.name of a feature.' }),
    transform: Type.Enum(['none', 'log1p'], { description: 'Part of the model: log1p is ln(1 + max(x, 0)).' }),
    missing: Type.Number({ description: 'Stands in for a value that is not found.' }),
  },
  closed,
);
export type ModelInput = Static<typeof ModelInput>;

/** The model file's properties that the runtime owns; app/config adds the trainer's. */
export const modelFileProperties = {
  model: Name('Name of the model.'),
  owner: Owner,
  description: Prose('What it predicts, for whom.'),
  inputs: Type.Array(ModelInput, { minItems: 1 }),
  firstTraining: Type.Object(
    {
      from: Day('First day (UTC) of the events to learn from.'),
      for: Duration(
        'Length of that window. Training starts when the watermark has passed its end by the outcome’s horizon: every label has matured.',
      ),
    },
    closed,
  ),
};

const Incident = Type.Object(
  {
    name: Name('What `start --incident` calls it.'),
    description: Prose('What happens, and why it could.'),
    source: Prose('The producer that changes: CloudEvents source of its events.'),
    subject: Name('The events that change (CloudEvents type).'),
    field: Prose('The number in the event data that changes: a property, or a JSON pointer such as /price/amount.'),
    multiply: Type.Number({ description: 'What it is multiplied by.' }),
    from: Day('First day (UTC, event time) of it.'),
    to: Day('First day without it again.'),
  },
  closed,
);

const LivePart = Type.Object(
  {
    last: Duration(
      'So much event time at the end of the history plays at a pace, as live traffic; what is before, as fast as possible.',
    ),
    speed: Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000, description: 'Seconds of event time a second.' }),
    maxPause: Duration('The longest wait for a next event: nights and closed days are cut to it.'),
  },
  { ...closed, description: 'The end of the history as live traffic. Absent: all of it plays as fast as possible.' },
);
export type LivePart = Static<typeof LivePart>;

export const ReplayFile = Type.Object(
  {
    source: Name('Name under which the position in the history is kept.'),
    topic: Name('Topic that the events go to.'),
    file: Prose('Parquet file of the history, relative to the workspace.'),
    module: Prose('ES module whose default export turns rows into events in event-time order, relative to the workspace.'),
    watermarkEvery: Duration('Event time between two watermarks.'),
    events: Type.Optional(
      Type.Integer({ minimum: 1, description: 'How many events the history holds: the full length of the progress bar.' }),
    ),
    live: Type.Optional(LivePart),
    incidents: Type.Optional(
      Type.Array(Incident, {
        description: 'Faults that a start may play into the history, to see how they are found: off unless named by --incident.',
      }),
    ),
    attribution: Prose('Licence and source of the data.'),
  },
  { ...closed, title: 'Throughline replay source' },
);
export type ReplayFile = Static<typeof ReplayFile>;
