import Type, { type Static } from 'typebox';
import { ALERTS, SEVERITIES } from '#core';

const closed = { additionalProperties: false } as const;
const Prose = (description: string) => Type.String({ minLength: 1, maxLength: 2000, description });
const QueryName = (description: string) => Type.String({ pattern: '^[a-z][a-z0-9_]{0,49}$', description });

const Query = Type.Object(
  {
    name: QueryName('What checks call it: lower-case letters, digits and _.'),
    description: Prose('What it answers, in a sentence.'),
    sql: Type.String({
      minLength: 1,
      maxLength: 8000,
      description:
        'A SELECT of at most 20 rows over the telemetry store. Parameters: {pipeline:String}, {fromMs:Int64} and {toMs:Int64} (the bad time), {baseFromMs:Int64} and {baseToMs:Int64} (the good time before it), {nowMs:Int64}.',
    }),
  },
  closed,
);

const FirstCheck = Type.Object(
  {
    question: Prose('A question that is answered by yes or no.'),
    query: QueryName('The query that answers it: in its first row a column is_yes, 0 or 1; other columns are shown.'),
    yes: Prose('What yes means, and what to do then.'),
    no: Prose('What no means, and what to do then.'),
  },
  closed,
);

const Mitigation = Type.Object(
  {
    action: Prose('What is done.'),
    command: Type.Optional(Prose('The command that does it.')),
    risk: Prose('What it costs, and what it can break.'),
    undo: Prose('How it is taken back.'),
  },
  closed,
);

const VerifiedBy = Type.Object(
  {
    drill: Prose('The drill, such as F5.'),
    date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD.' }),
    seconds: Type.Number({ minimum: 0, description: 'From the fault to the first right hypothesis.' }),
  },
  closed,
);

/** The front matter of runbooks/<AlertName>.md: what a machine does with a runbook. */
export const RunbookFrontMatter = Type.Object(
  {
    alert: Type.Enum([...ALERTS], { description: 'The alert that it is for; the file has its name.' }),
    slo: Type.Optional(Prose('The SLO whose alert it is.')),
    owner: Type.String({ minLength: 1, description: 'The team that answers for the page; declared in workspace.yaml.' }),
    severity: Type.Enum([...SEVERITIES], { description: 'The gravest that the alert has.' }),
    dashboard: Type.String({
      pattern: '^[a-z-]+/[a-z]+$',
      description: 'The panel that shows it: a board’s uid and the panel’s name, such as throughline-pipeline/lag.',
    }),
    contracts: Type.Optional(Type.Array(Prose('A subject.'), { description: 'Contracts that the page speaks of.' })),
    queries: Type.Array(Query, { minItems: 1, maxItems: 20 }),
    first_checks: Type.Array(FirstCheck, { minItems: 1, maxItems: 5, description: 'What is asked first, in this order.' }),
    mitigations: Type.Array(Mitigation, { minItems: 1, maxItems: 10 }),
    escalate: Prose('Whom to call, and when.'),
    verified_by: Type.Optional(VerifiedBy),
  },
  { ...closed, title: 'Throughline runbook (front matter)' },
);
export type RunbookFrontMatter = Static<typeof RunbookFrontMatter>;
export type RunbookQuery = RunbookFrontMatter['queries'][number];
