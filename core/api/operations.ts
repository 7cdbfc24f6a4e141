import Type, { type Static } from 'typebox';
import { SEVERITIES } from '../alert-rules.ts';
import { CheckResult, Mitigation, TeamContact } from './incidents.ts';
import { Nullable, Time } from './parts.ts';

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });
const Figure = Nullable(Type.Number());

/** A series of a rule that is pending or fires. */
const AlertSeries = Type.Object(
  {
    fingerprint: Type.String(),
    state: Type.Enum(['pending', 'firing']),
    since: Time,
    labels: Type.Record(Type.String(), Type.String()),
    value: Figure,
    summary: Type.String(),
    hasIncident: Type.Boolean(),
  },
  closed,
);

export const AlertView = Type.Object(
  {
    id: Type.String({ description: 'Of the rule.' }),
    alert: Type.String(),
    severity: Type.Enum([...SEVERITIES]),
    pipeline: Type.String(),
    slo: Nullable(Type.String()),
    owner: Nullable(TeamContact),
    description: Type.String(),
    state: Type.Enum(['ok', 'pending', 'firing', 'failed', 'unknown'], {
      description: 'failed: its query fails; unknown: not evaluated yet.',
    }),
    problem: Nullable(Type.String()),
    evaluatedAt: Nullable(Time),
    threshold: Type.Number(),
    forSeconds: Type.Number(),
    value: Nullable(Type.Number({ description: 'The largest of its series’ values.' })),
    series: Type.Array(AlertSeries, { description: 'At most 20.' }),
    hasRunbook: Type.Boolean(),
    sql: Type.String(),
    promql: Type.String(),
    dashboard: Type.String({ description: 'Grafana’s path of the panel.' }),
  },
  closed,
);
export type AlertView = Static<typeof AlertView>;

/** GET /api/alerts. */
export const AlertList = Type.Object(
  {
    alerts: Type.Array(AlertView, { description: 'Firing first, pages before tickets.' }),
    notifications: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          kind: Type.Enum(['alertmanager', 'webhook']),
          lastSuccess: Nullable(Time),
          problem: Nullable(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type AlertList = Static<typeof AlertList>;

const BurnRate = Type.Object(
  {
    severity: Type.Enum(['page', 'ticket']),
    longSeconds: Type.Number(),
    shortSeconds: Type.Number(),
    factor: Type.Number({ description: 'Both windows must burn faster than this.' }),
    long: Figure,
    short: Figure,
    isFiring: Type.Boolean(),
  },
  closed,
);

export const SloView = Type.Object(
  {
    slo: Type.String(),
    sli: Type.Enum(['latency', 'freshness', 'contract', 'outcomes', 'retraining']),
    pipeline: Type.String(),
    owner: Nullable(TeamContact),
    description: Type.String(),
    objective: Type.Number(),
    periodSeconds: Type.Number(),
    events: Count,
    bad: Count,
    /** Share of the error budget that is left in the period; negative where it is overspent; null without events. */
    budgetLeft: Figure,
    burnRates: Type.Array(BurnRate),
    /** Shares of bad events by step of the period, oldest first, at most 60; null without events. */
    history: Type.Array(Type.Object({ at: Time, events: Count, badShare: Figure }, closed)),
    alert: Type.String({ description: 'Name of its alert, and of its runbook.' }),
    problem: Nullable(Type.String()),
  },
  closed,
);
export type SloView = Static<typeof SloView>;

const RunbookSummary = Type.Object(
  {
    alert: Type.String(),
    severity: Type.Enum([...SEVERITIES]),
    owner: Nullable(TeamContact),
    slo: Nullable(Type.String()),
    meaning: Type.String({ description: 'The first sentence of its section Meaning.' }),
    checks: Count,
    firing: Type.Boolean(),
    verifiedBy: Nullable(Type.Object({ drill: Type.String(), date: Type.String(), seconds: Type.Number() }, closed)),
  },
  closed,
);

/** GET /api/slos: the objectives, and how far runbooks cover the alerts. */
export const SloList = Type.Object(
  {
    slos: Type.Array(SloView),
    coverage: Type.Object({ alerts: Count, withRunbook: Count, verified: Count }, closed),
  },
  closed,
);
export type SloList = Static<typeof SloList>;

/** GET /api/runbooks. */
export const RunbookList = Type.Object({ runbooks: Type.Array(RunbookSummary) }, closed);
export type RunbookList = Static<typeof RunbookList>;

/** GET /api/runbooks/:alert: the page, its checks run just now. */
export const RunbookAnswer = Type.Object(
  {
    runbook: RunbookSummary,
    pipeline: Type.String(),
    /** HTML made from the page's Markdown; HTML in it is shown as text. */
    sections: Type.Array(Type.Object({ title: Type.String(), html: Type.String() }, closed)),
    checks: Type.Array(CheckResult),
    checkedAt: Time,
    mitigations: Type.Array(Mitigation),
    escalate: Type.String(),
    dashboard: Type.String({ description: 'Grafana’s path.' }),
    /** Fingerprints of its alert's open incidents. */
    incidents: Type.Array(Type.String()),
  },
  closed,
);
export type RunbookAnswer = Static<typeof RunbookAnswer>;

/** GET /api/teams/:name: a team, and all that it answers for. */
export const TeamAnswer = Type.Object(
  {
    team: TeamContact,
    description: Type.String(),
    owns: Type.Array(
      Type.Object(
        {
          kind: Type.Enum(['contract', 'view', 'pipeline', 'model', 'drift_job', 'slo', 'alert', 'runbook']),
          name: Type.String(),
          description: Type.String(),
        },
        closed,
      ),
    ),
    incidents: Type.Array(Type.String({ description: 'Fingerprints of its open ones.' })),
  },
  closed,
);
export type TeamAnswer = Static<typeof TeamAnswer>;

/** POST /api/changes: a deploy or a setting elsewhere, told by whoever did it. */
export const ChangeReport = Type.Object(
  {
    kind: Type.Enum(['deploy', 'setting', 'other']),
    subject: Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        'What changed: a producer’s source, a consumer group, a pipeline, a subject, a view, a model, or anything else.',
    }),
    version: Type.Optional(Type.String({ maxLength: 200 })),
    summary: Type.String({ minLength: 1, maxLength: 2000, description: 'A sentence.' }),
    actor: Type.String({ minLength: 1, maxLength: 100 }),
    at: Type.Optional(Time),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'The same id is the same change.' })),
  },
  closed,
);
export type ChangeReport = Static<typeof ChangeReport>;

export const ChangeAccepted = Type.Object({ id: Type.String(), at: Time }, closed);
export type ChangeAccepted = Static<typeof ChangeAccepted>;
