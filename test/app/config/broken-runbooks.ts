import type { BrokenWorkspace } from './workspace-fixture.ts';

const PAGE = 'runbooks/PipelineSilent.md';
const ALERT = {
  file: 'alerts/silent.yaml',
  by: 'alert: PipelineSilent\nowner: data\ndescription: Silence.\npipeline: again\nseverity: page\n',
} as const;

/** A sound page; line 2 is `alert`. */
export const RUNBOOK = `---
alert: PipelineSilent
owner: data
severity: page
dashboard: throughline-pipeline/silence
contracts: [bought]
first_checks:
  - question: Is anything stored?
    query: stored
    yes: It lives.
    no: It stands still.
mitigations:
  - { action: Restart it., command: throughline start, risk: Some seconds without scores., undo: None is needed. }
escalate: data, at once.
queries:
  - name: stored
    description: What is stored.
    sql: SELECT count() > 0 AS is_yes FROM decisions WHERE pipeline = {pipeline:String} LIMIT 1
---

# PipelineSilent

## Meaning

Nothing comes.

## Impact

No scores.

## Diagnosis

See [the models](/models/again).

## Mitigation

Restart.
`;

const SOUND = { file: PAGE, by: RUNBOOK } as const;

const page = (replace: string, by: string): { readonly file: string; readonly by: string } => {
  if (!RUNBOOK.includes(replace)) throw new TypeError(`the page does not hold '${replace}'`);
  return { file: PAGE, by: RUNBOOK.replace(replace, by) };
};

/** Alerts without a page, and pages that name what does not exist: planted, each must be told. */
export const BROKEN_RUNBOOKS: readonly BrokenWorkspace[] = [
  [
    'an alert without a runbook',
    [ALERT],
    [/^alerts\/silent\.yaml:1:1 its alert PipelineSilent has no runbook; write runbooks\/PipelineSilent\.md/u],
  ],
  [
    'an SLO whose alert has no runbook',
    [
      ALERT,
      SOUND,
      {
        file: 'slos/fast.yaml',
        by: 'slo: fast\nowner: data\ndescription: Fast.\npipeline: again\nsli: latency\nobjective: 0.99\nperiod: 30d\n',
      },
    ],
    [/^slos\/fast\.yaml:1:1 its alert LatencyBudgetBurn has no runbook/u],
  ],
  [
    'a runbook of an alert that nothing raises',
    [SOUND],
    ['runbooks/PipelineSilent.md:2:8 nothing raises the alert PipelineSilent; there are none yet'],
  ],
  [
    'a name that the alert does not have',
    [{ file: 'runbooks/Silence.md', by: RUNBOOK }],
    ['runbooks/Silence.md:2:8 the runbook of PipelineSilent is called Silence.md; call the file PipelineSilent.md'],
  ],
  [
    'an owner, a panel, a contract and an SLO that do not exist',
    [
      ALERT,
      page(
        'owner: data\nseverity: page\ndashboard: throughline-pipeline/silence\ncontracts: [bought]',
        'owner: dta\nseverity: page\nslo: fast\ndashboard: throughline-pipeline/silense\ncontracts: [bougth]',
      ),
    ],
    [
      'runbooks/PipelineSilent.md:3:8 owner dta is not a team of workspace.yaml; did you mean data?',
      'runbooks/PipelineSilent.md:5:6 slo fast is not an SLO (slos/*.yaml); there are none yet',
      'runbooks/PipelineSilent.md:6:12 there is no panel throughline-pipeline/silense; did you mean throughline-pipeline/silence?',
      'runbooks/PipelineSilent.md:7:13 contracts.0 bougth is not a contract (contracts/*.yaml); did you mean bought?',
    ],
  ],
  [
    'a check that names no query, and a query that no check uses',
    [ALERT, page('query: stored', 'query: stord')],
    [
      'runbooks/PipelineSilent.md:9:12 stord is no query of this page; did you mean stored?',
      'runbooks/PipelineSilent.md:16:11 query stored is used by no check; use it, or remove it',
    ],
  ],
  [
    'links that lead nowhere',
    [ALERT, page('(/models/again)', '(EventStuck.md) and [that](/modles) and [this](https://example.com)')],
    [
      'runbooks/PipelineSilent.md:33:1 the link to EventStuck.md leads nowhere; there are PipelineSilent',
      /^runbooks\/PipelineSilent\.md:33:1 the link to \/modles leads nowhere; link to another runbook/u,
    ],
  ],
  [
    'a statement that asks the clock, knows no bound, and a parameter that does not exist',
    [ALERT, page('{pipeline:String} LIMIT 1', '{pipline:String} AND ingested < now()')],
    [
      'runbooks/PipelineSilent.md:18:10 query stored has no bound; end it with LIMIT 20 or less',
      'runbooks/PipelineSilent.md:18:10 query stored asks the machine what time it is; use {nowMs:Int64}: drills run on another clock',
      'runbooks/PipelineSilent.md:18:10 query stored has a parameter {pipline:String}; did you mean {pipeline:String}?',
    ],
  ],
  [
    'a statement that does not answer, and does not read',
    [ALERT, page('SELECT count() > 0 AS is_yes FROM', 'TRUNCATE TABLE decisions; SELECT 1 FROM')],
    [
      'runbooks/PipelineSilent.md:9:12 query stored answers no column is_yes; select 0 or 1 as is_yes',
      'runbooks/PipelineSilent.md:18:10 query stored is no SELECT; a runbook only reads',
      'runbooks/PipelineSilent.md:18:10 query stored holds a ;; write one statement, without an end',
    ],
  ],
  [
    'a key of the front matter that is misspelt',
    [ALERT, page('escalate:', 'escalat:')],
    ["runbooks/PipelineSilent.md:14:1 'escalat' is not a property here; did you mean escalate?"],
  ],
  [
    'six checks',
    [ALERT, page('mitigations:', `${'  - { question: q, query: stored, yes: y, no: n }\n'.repeat(5)}mitigations:`)],
    [/^runbooks\/PipelineSilent\.md:8:3 first_checks must .*5/u],
  ],
  [
    'YAML that is none',
    [ALERT, page('owner: data', "owner: 'data")],
    [/^runbooks\/PipelineSilent\.md:\d+:\d+ this is not YAML/u],
  ],
  [
    'sections in another order',
    [ALERT, page('## Impact\n\nNo scores.\n\n## Diagnosis', '## Diagnosis\n\nNo scores.\n\n## Impact')],
    [
      'runbooks/PipelineSilent.md:27:1 the section ## Diagnosis is not expected here; a runbook has the sections Meaning, Impact, Diagnosis, Mitigation, in this order, each once',
    ],
  ],
  [
    'a section that is missing, and one that is empty',
    [ALERT, page('## Mitigation\n\nRestart.\n', '')],
    [/^runbooks\/PipelineSilent\.md:\d+:1 there is no section ## Mitigation; a runbook has the sections/u],
  ],
  [
    'an empty section',
    [ALERT, page('No scores.\n', '')],
    ['runbooks/PipelineSilent.md:27:1 the section ## Impact is empty; write what helps at three in the morning'],
  ],
  [
    'no front matter',
    [ALERT, { file: PAGE, by: '# PipelineSilent\n' }],
    ['runbooks/PipelineSilent.md:1:1 a runbook begins with its front matter; write --- in the first line'],
  ],
  [
    'front matter without an end',
    [ALERT, { file: PAGE, by: '---\nalert: PipelineSilent\n' }],
    ['runbooks/PipelineSilent.md:3:1 the front matter has no end; write --- in a line behind it'],
  ],
];
