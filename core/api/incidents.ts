import Type, { type Static } from 'typebox';
import { SEVERITIES } from '../alert-rules.ts';
import { Change } from './overview.ts';
import { EventIdentity, FateName, Nullable, Stage, Time } from './parts.ts';

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });
const Figure = Nullable(Type.Number());
const SeverityName = Type.Enum([...SEVERITIES]);

/** What a diagnosis can find. */
export const CAUSES = [
  'slow_consumer',
  'hot_partition',
  'consumer_gone',
  'poison_event',
  'contract_break',
  'field_meaning',
  'stale_view',
  'missing_features',
  'slow_feature_reads',
  'model_saturated',
  'slow_model',
  'biased_candidate',
  'outcomes_lost',
  'outcomes_late',
  'slow_log',
  'traffic_burst',
  'clock_skew',
] as const;
export type Cause = (typeof CAUSES)[number];

const CauseName = Type.Enum([...CAUSES]);
const Row = Type.Record(Type.String(), Type.Unknown());

/** A team and its e-mail address. */
export const TeamContact = Type.Object({ name: Type.String(), contact: Type.String() }, closed);
export type TeamContact = Static<typeof TeamContact>;

/** A query and what it said. */
export const Evidence = Type.Object(
  {
    summary: Type.String({ description: 'A sentence with its figures.' }),
    sql: Type.String({ description: 'The statement, its values inlined: it can be run again.' }),
    rows: Type.Array(Row, { description: 'At most 10.' }),
  },
  closed,
);
export type Evidence = Static<typeof Evidence>;

export const Hypothesis = Type.Object(
  {
    rank: Type.Integer({ minimum: 1 }),
    cause: CauseName,
    title: Type.String({ description: 'The cause in a sentence.' }),
    confidence: Type.Enum(['high', 'medium', 'low']),
    score: Type.Number({ minimum: 0, maximum: 1, description: 'What the ranking goes by.' }),
    /** What is at fault, such as { group: 'repurchase' } or { source, field, subject }: values that a machine can compare. */
    details: Type.Record(Type.String(), Type.String()),
    stage: Nullable(Stage),
    since: Nullable(Time),
    owner: Nullable(TeamContact),
    suspect: Nullable(Type.Object({ change: Change, why: Type.String() }, closed)),
    evidence: Type.Array(Evidence, { minItems: 1 }),
    disproof: Type.String({ description: 'What would prove it wrong.' }),
  },
  closed,
);
export type Hypothesis = Static<typeof Hypothesis>;

export const Diagnosis = Type.Object(
  {
    at: Time,
    tookMs: Type.Number(),
    verdict: Type.Enum(['found', 'not_found'], { description: 'not_found is a valid answer.' }),
    summary: Type.String({ description: 'A sentence: the first hypothesis, or “Cause not found; ruled out: …”.' }),
    hypotheses: Type.Array(Hypothesis, { description: 'Best first, at most 5.' }),
    ruledOut: Type.Array(Type.Object({ cause: CauseName, why: Type.String() }, closed)),
    /** Queries that failed: the diagnosis is of less then. */
    problems: Type.Array(Type.String()),
  },
  closed,
);
export type Diagnosis = Static<typeof Diagnosis>;

/** A cohort's time by stage: means add up. */
export const Cohort = Type.Object(
  {
    from: Time,
    to: Time,
    decisions: Count,
    endToEndMeanMs: Figure,
    endToEndP99Ms: Figure,
    stages: Type.Array(Type.Object({ stage: Stage, meanMs: Type.Number(), p99Ms: Figure, budgetMeanMs: Figure }, closed)),
  },
  closed,
);
export type Cohort = Static<typeof Cohort>;

export const NearbyChange = Type.Object(
  {
    change: Change,
    minutesFromStart: Type.Number({ description: 'Negative: before the alert’s first bad event.' }),
    touches: Type.Boolean({ description: 'Whether it is about something on the pathway.' }),
    why: Type.String({ description: 'What of the pathway it touches, or that it touches nothing of it.' }),
  },
  closed,
);
export type NearbyChange = Static<typeof NearbyChange>;

export const Exemplar = Type.Object(
  {
    event: EventIdentity,
    fate: FateName,
    note: Type.String({ description: 'What it shows.' }),
    endToEndMs: Figure,
    traceId: Nullable(Type.String()),
  },
  closed,
);
export type Exemplar = Static<typeof Exemplar>;

export const CheckResult = Type.Object(
  {
    question: Type.String(),
    query: Type.String({ description: 'Its name in the runbook.' }),
    sql: Type.String({ description: 'With its values inlined.' }),
    answer: Type.Enum(['yes', 'no', 'unclear', 'failed'], { description: 'unclear: the query had no row.' }),
    meaning: Type.String({ description: 'What the runbook says this answer means; for failed, why.' }),
    columns: Type.Array(Type.String()),
    rows: Type.Array(Row, { description: 'At most 20.' }),
    tookMs: Type.Number(),
  },
  closed,
);
export type CheckResult = Static<typeof CheckResult>;

export const Mitigation = Type.Object(
  { action: Type.String(), command: Nullable(Type.String()), risk: Type.String(), undo: Type.String() },
  closed,
);
export type Mitigation = Static<typeof Mitigation>;

const AuditEntry = Type.Object(
  {
    at: Time,
    kind: Type.Enum(['opened', 'diagnosed', 'acknowledged', 'cause_declared', 'resolved', 'alert_resolved', 'notified']),
    actor: Type.String(),
    text: Type.String(),
  },
  closed,
);

export const IncidentSummary = Type.Object(
  {
    fingerprint: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    startsAt: Time,
    endsAt: Nullable(Type.String({ format: 'date-time', description: 'When the alert was resolved.' })),
    alert: Type.String(),
    severity: SeverityName,
    pipeline: Type.String(),
    origin: Type.Enum(['throughline', 'alertmanager', 'grafana']),
    summary: Type.String(),
    owner: Nullable(TeamContact),
    state: Type.Enum(['open', 'acknowledged', 'resolved']),
    acknowledgedBy: Nullable(Type.String()),
    declaredCause: Nullable(Type.Object({ cause: Type.String(), actor: Type.String() }, closed)),
    firstHypothesis: Nullable(Type.String({ description: 'The title of the best one; null while it is being diagnosed.' })),
  },
  closed,
);
export type IncidentSummary = Static<typeof IncidentSummary>;

/** GET /api/incidents: newest first, open ones before all. */
export const IncidentList = Type.Object({ incidents: Type.Array(IncidentSummary, { description: 'At most 200.' }) }, closed);
export type IncidentList = Static<typeof IncidentList>;

/** GET /api/incidents/:fingerprint: the newest of that fingerprint, or the one that began at ?startsAt=. */
export const IncidentAnswer = Type.Object(
  {
    incident: IncidentSummary,
    labels: Type.Record(Type.String(), Type.String()),
    description: Type.String(),
    value: Figure,
    impact: Type.Array(Type.String(), { description: 'Sentences with their figures: what of the traffic is hit.' }),
    cohorts: Nullable(Type.Object({ good: Cohort, bad: Cohort }, closed)),
    changes: Type.Array(NearbyChange, { description: 'Within 30 minutes, nearest first.' }),
    exemplars: Type.Array(Exemplar, { description: 'At most 5, frozen when it was opened.' }),
    runbook: Nullable(
      Type.Object(
        {
          alert: Type.String(),
          checks: Type.Array(CheckResult, { description: 'As they were when it was opened.' }),
          mitigations: Type.Array(Mitigation),
          escalate: Type.String(),
        },
        closed,
      ),
    ),
    diagnosis: Nullable(Diagnosis),
    audit: Type.Array(AuditEntry, { description: 'Oldest first.' }),
    earlier: Type.Array(IncidentSummary, { description: 'Others of the same fingerprint, newest first, at most 20.' }),
    links: Type.Object(
      {
        dashboard: Nullable(Type.String({ description: 'Grafana’s path of the panel.' })),
        runbook: Nullable(Type.String({ description: 'The console’s path.' })),
      },
      closed,
    ),
  },
  closed,
);
export type IncidentAnswer = Static<typeof IncidentAnswer>;

const Actor = Type.String({ minLength: 1, maxLength: 100, description: 'Who says so.' });

/** POST /api/incidents/:fingerprint/acknowledge and /resolve. */
export const IncidentNote = Type.Object(
  {
    actor: Actor,
    note: Type.Optional(Type.String({ maxLength: 2000 })),
    startsAt: Type.Optional(Time),
  },
  closed,
);
export type IncidentNote = Static<typeof IncidentNote>;

/** POST /api/incidents/:fingerprint/cause. */
export const CauseDeclaration = Type.Object(
  {
    actor: Actor,
    cause: Type.String({ minLength: 1, maxLength: 2000, description: 'A sentence.' }),
    hypothesis: Type.Optional(Type.Integer({ minimum: 1, description: 'Rank of the hypothesis that it confirms.' })),
    startsAt: Type.Optional(Time),
  },
  closed,
);
export type CauseDeclaration = Static<typeof CauseDeclaration>;
