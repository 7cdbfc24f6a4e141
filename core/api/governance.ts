import Type, { type Static } from 'typebox';
import { DRIFT_METHODS, DRIFT_TARGETS, GATE_CHECKS, TRAINING_CAUSES } from '../control-facts.ts';
import { Nullable, Time } from './parts.ts';

/** The API's answers about models and drift. Times are event time, ISO 8601 in UTC, ends exclusive. */

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });
const Figure = Nullable(Type.Number());
const Window = Type.Object({ from: Time, to: Time }, closed);

const QualityFigures = Type.Object({ auc: Figure, logLoss: Figure, accuracy: Figure, calibrationError: Figure }, closed);

/** A month of the line of models beside the frozen first model, on the same events. */
export const LineMonth = Type.Object(
  {
    month: Type.String({ description: 'YYYY-MM; `all` for all of them together.' }),
    scored: Count,
    matured: Count,
    complete: Type.Boolean({ description: 'No outcome of the month is open.' }),
    baseRate: Figure,
    /** As decided by whichever version was live. */
    governed: QualityFigures,
    /** What the first model would have said, over the same events where `frozenMatured` is all of them. */
    frozen: QualityFigures,
    frozenMatured: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Matured events of which the first model’s score is known; absent: all of them.' }),
    ),
    versions: Type.Array(Type.Integer(), { description: 'That decided in this month.' }),
    trainings: Count,
    promotions: Count,
    refusals: Count,
  },
  closed,
);
export type LineMonth = Static<typeof LineMonth>;

const GateView = Type.Object(
  {
    verdict: Type.Enum(['promote', 'refuse']),
    window: Window,
    rows: Count,
    checks: Type.Array(
      Type.Object({ name: Type.Enum([...GATE_CHECKS]), passed: Type.Boolean(), summary: Type.String() }, closed),
    ),
    live: Type.Object({ version: Type.Integer(), ...QualityFigures.properties }, closed),
    candidate: Type.Object({ version: Type.Integer(), ...QualityFigures.properties }, closed),
    difference: Nullable(
      Type.Object(
        { mean: Type.Number(), low: Type.Number(), high: Type.Number(), confidence: Type.Number(), resamples: Count },
        { ...closed, description: 'Candidate less live, mean log loss; negative is better.' },
      ),
    ),
  },
  closed,
);

const VERSION_STATUS = ['live', 'shadow', 'retired', 'refused', 'rolled_back', 'registered'] as const;

export const ModelVersionView = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    status: Type.Enum([...VERSION_STATUS], {
      description: 'shadow: a candidate on trial; retired: decided once; rolled_back: decided until a person took it back.',
    }),
    isBaseline: Type.Boolean({ description: 'The frozen first model: scores in shadow once another decides.' }),
    requestId: Type.String(),
    cause: Nullable(Type.Enum([...TRAINING_CAUSES])),
    algorithm: Nullable(Type.String()),
    trainedOn: Nullable(Type.Object({ ...Window.properties, rows: Count, positives: Count }, closed)),
    inputs: Type.Array(Type.String()),
    /** Held-out figures of the training, by name. */
    metrics: Type.Record(Type.String(), Type.Number()),
    parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    dataFingerprint: Nullable(Type.String()),
    onnxSha256: Type.String(),
    parity: Figure,
    trainedBy: Nullable(Type.String()),
    /** When it scored in shadow and when it decided; to is null while it still does. */
    shadow: Nullable(
      Type.Object(
        {
          from: Time,
          to: Nullable(Time),
          due: Type.Optional(Type.String({ format: 'date-time', description: 'When its gate decides, at the earliest.' })),
        },
        closed,
      ),
    ),
    live: Type.Array(Type.Object({ from: Time, to: Nullable(Time) }, closed)),
    gate: Nullable(GateView),
    /** Why it decides or does not, in a sentence. */
    reason: Nullable(Type.String()),
    actor: Nullable(Type.String()),
    decisions: Nullable(Count),
  },
  closed,
);
export type ModelVersionView = Static<typeof ModelVersionView>;

export const TrainingView = Type.Object(
  {
    requestId: Type.String(),
    at: Time,
    cause: Type.Enum([...TRAINING_CAUSES]),
    evidence: Type.Array(
      Type.Object(
        {
          cause: Type.Enum([...TRAINING_CAUSES]),
          summary: Type.String(),
          target: Nullable(Type.String()),
          job: Nullable(Type.String()),
        },
        closed,
      ),
    ),
    window: Window,
    coolDownUntil: Nullable(Time),
    outcome: Type.Enum(['pending', 'refused', 'in_shadow', 'promoted', 'not_promoted'], {
      description: 'refused: no model came of it; not_promoted: its candidate did not pass the gate.',
    }),
    version: Nullable(Type.Integer()),
    message: Nullable(Type.String()),
  },
  closed,
);
export type TrainingView = Static<typeof TrainingView>;

/** GET /api/models/:name. */
export const ModelAnswer = Type.Object(
  {
    name: Type.String(),
    owner: Type.String(),
    description: Type.String(),
    pipeline: Type.String(),
    liveVersion: Nullable(Type.Integer()),
    shadowVersion: Nullable(Type.Integer({ description: 'The candidate on trial.' })),
    /** Newest first. */
    versions: Type.Array(ModelVersionView),
    /** Newest first. */
    trainings: Type.Array(TrainingView),
    months: Type.Array(LineMonth),
    total: Nullable(LineMonth),
    /** Versions that a roll-back may go to, newest first. */
    rollbackTo: Type.Array(Type.Integer()),
    jobs: Type.Array(Type.String(), { description: 'Drift jobs that watch it.' }),
  },
  closed,
);
export type ModelAnswer = Static<typeof ModelAnswer>;

export const ModelSummary = Type.Object(
  {
    name: Type.String(),
    owner: Type.String(),
    description: Type.String(),
    pipeline: Type.String(),
    liveVersion: Nullable(Type.Integer()),
    shadowVersion: Nullable(Type.Integer()),
    versions: Count,
    lastChange: Nullable(Type.Object({ at: Time, summary: Type.String() }, closed)),
  },
  closed,
);
export type ModelSummary = Static<typeof ModelSummary>;

/** GET /api/models. */
export const ModelList = Type.Object({ models: Type.Array(ModelSummary) }, closed);
export type ModelList = Static<typeof ModelList>;

/** POST /api/models/:name/rollback: body and answer. */
export const RollbackRequest = Type.Object(
  {
    to: Type.Optional(
      Type.Integer({ minimum: 1, description: 'A version that decided before; default: the one before the live one.' }),
    ),
    reason: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }),
    actor: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'Who does it.' }),
  },
  closed,
);
export type RollbackRequest = Static<typeof RollbackRequest>;
export const RollbackAnswer = Type.Object(
  { model: Type.String(), from: Type.Integer(), to: Type.Integer(), at: Time, summary: Type.String() },
  closed,
);
export type RollbackAnswer = Static<typeof RollbackAnswer>;

const Measure = Type.Object(
  {
    method: Type.Enum([...DRIFT_METHODS]),
    status: Type.Enum(['ok', 'not_computable']),
    reason: Type.String({ description: 'Why it is not computable; empty where it is.' }),
    value: Figure,
    referenceValue: Figure,
    pValue: Figure,
    threshold: Figure,
    rows: Count,
    isBreach: Type.Boolean(),
    isAlarm: Type.Boolean(),
  },
  closed,
);
export type DriftMeasure = Static<typeof Measure>;

const DriftWindow = Type.Object(
  {
    ...Window.properties,
    version: Type.Integer({ description: 'Live at the window’s end.' }),
    reference: Window,
    decisions: Count,
  },
  closed,
);

const DriftTarget = Type.Object(
  {
    target: Type.String({ description: 'view.name of a feature, score, or outcome.' }),
    kind: Type.Enum([...DRIFT_TARGETS]),
    /** One for each window, in the windows' order; null where the job has nothing about it. */
    cells: Type.Array(Nullable(Type.Array(Measure))),
  },
  closed,
);

export const DriftAlarmView = Type.Object(
  {
    job: Type.String(),
    target: Type.String(),
    method: Type.Enum([...DRIFT_METHODS]),
    value: Type.Number(),
    threshold: Type.Number(),
    window: Window,
    summary: Type.String(),
    /** Event time of the last window in which it went on, where it has ended. */
    endedAt: Nullable(Time),
    /** What followed: the request that has it among its evidence, and the version that came of it. */
    requestId: Nullable(Type.String()),
    version: Nullable(Type.Integer()),
    outcome: Nullable(Type.String({ description: 'promoted, not_promoted, in_shadow, refused, pending.' })),
  },
  closed,
);
export type DriftAlarmView = Static<typeof DriftAlarmView>;

const Figures = Type.Object(
  { window: Window, values: Count, p05: Type.Number(), p50: Type.Number(), p95: Type.Number() },
  closed,
);

export const FindingView = Type.Object(
  {
    findingId: Type.String(),
    at: Time,
    subject: Type.String(),
    contractVersion: Type.Integer(),
    field: Type.String(),
    source: Type.String(),
    owner: Type.String(),
    before: Figures,
    after: Figures,
    ratio: Figure,
    features: Type.Array(Type.String()),
    summary: Type.String(),
    restoredAt: Nullable(Time),
  },
  closed,
);
export type FindingView = Static<typeof FindingView>;

/** GET /api/drift/:job. */
export const DriftAnswer = Type.Object(
  {
    job: Type.String(),
    owner: Type.String(),
    description: Type.String(),
    pipeline: Type.String(),
    model: Type.String(),
    /** Oldest first; the newest so many that were asked for. */
    windows: Type.Array(DriftWindow),
    targets: Type.Array(DriftTarget),
    /** Newest first. */
    alarms: Type.Array(DriftAlarmView),
    findings: Type.Array(FindingView),
  },
  closed,
);
export type DriftAnswer = Static<typeof DriftAnswer>;

/** GET /api/drift. */
export const DriftList = Type.Object(
  {
    jobs: Type.Array(
      Type.Object(
        {
          job: Type.String(),
          owner: Type.String(),
          description: Type.String(),
          pipeline: Type.String(),
          model: Type.String(),
          windows: Count,
          lastWindow: Nullable(Window),
          openAlarms: Count,
          openFindings: Count,
        },
        closed,
      ),
    ),
  },
  closed,
);
export type DriftList = Static<typeof DriftList>;

/** GET /api/drift/:job/distribution?target=…&to=…: a target's values in one window beside the reference's. */
export const DistributionAnswer = Type.Object(
  {
    target: Type.String(),
    window: Window,
    reference: Window,
    rows: Count,
    referenceRows: Count,
    /** Inner edges; bins are (−∞, e1), [e1, e2) … [ek, ∞). */
    edges: Type.Array(Type.Number()),
    referenceShares: Type.Array(Type.Number()),
    shares: Type.Array(Type.Number()),
    nullRate: Figure,
    referenceNullRate: Figure,
  },
  closed,
);
export type DistributionAnswer = Static<typeof DistributionAnswer>;
