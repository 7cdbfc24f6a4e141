import Type, { type Static } from 'typebox';
import { ALERTS, DURATION_PATTERN } from '#core';

/** The part of the workspace that alerts are made of: the schema of each file; `Static<…>` of it is the type, and editors get the same. */

const closed = { additionalProperties: false } as const;
const Name = (description: string) => Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description });
const Duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description} A whole number and a unit: 250ms, 10s, 15m, 1h, 30d.` });
const Owner = Type.String({ minLength: 1, description: 'The team that answers for it; declared in workspace.yaml.' });
const Pipeline = Type.String({ minLength: 1, description: 'A pipeline of the workspace.' });
const Prose = (description: string) => Type.String({ minLength: 1, description });

export const SLIS = ['latency', 'freshness', 'contract', 'outcomes', 'retraining'] as const;

/** slos/*.yaml: what a pipeline promises, and over which period. */
export const SloFile = Type.Object(
  {
    slo: Name('Name of the objective.'),
    owner: Owner,
    description: Prose('What is promised, and to whom.'),
    pipeline: Pipeline,
    sli: Type.Enum([...SLIS], {
      description:
        'What is counted: decisions within the latency budget, fresh feature reads, contract-valid events, outcomes joined within their horizon, retrainings done within their target.',
    }),
    objective: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'Share of good events, such as 0.99.' }),
    period: Duration('What the error budget is for.'),
    minimumEvents: Type.Optional(
      Type.Integer({
        minimum: 1,
        default: 20,
        description:
          'Fewer events in a long window than this never fire: one bad one is no trend. Of freshness, an event is a feature read.',
      }),
    ),
    target: Type.Optional(Duration('Of retraining only: from the request to promoted or refused.')),
  },
  { ...closed, title: 'Throughline SLO' },
);
export type SloFile = Static<typeof SloFile>;

/** alerts/*.yaml: an alert about one cause. Alerts of SLOs follow from the SLOs. */
export const AlertFile = Type.Object(
  {
    alert: Type.Enum([...ALERTS], { description: 'What is watched; its runbook has the same name.' }),
    owner: Owner,
    description: Prose('What it means for those who use the pipeline.'),
    pipeline: Pipeline,
    severity: Type.Enum(['page', 'ticket', 'none']),
    threshold: Type.Optional(
      Type.Number({ description: 'Fires over this; docs/reference/alerts.md has each alert’s unit and default.' }),
    ),
    window: Type.Optional(Duration('What is looked at, up to now.')),
    for: Type.Optional(Duration('How long it must be so before it fires.')),
  },
  { ...closed, title: 'Throughline alert' },
);
export type AlertFile = Static<typeof AlertFile>;
