import { type BrokenWorkspace, FILES, SOUND_WORKSPACE } from './workspace-fixture.ts';

const { contract: CONTRACT, view: VIEW, model: MODEL, pipeline: PIPELINE } = FILES;

const incident = (name: string, where: string, when: string): string =>
  `{ name: ${name}, description: test, source: /shop, ${where}, multiply: 100, ${when} }`;

/** Files that do not fit each other, and schemas that are not sound. */
export const BROKEN_REFERENCES: readonly BrokenWorkspace[] = [
  [
    'windows that are not made of days, where fields are watched',
    [
      {
        file: 'drift/weekly.yaml',
        by: [
          'job: weekly',
          'owner: data',
          'description: Weekly.',
          'pipeline: agin',
          'window: 36h',
          'quality: { window: 48h }',
          'fields: { baseline: 50h }',
        ].join('\n'),
      },
    ],
    [
      'drift/weekly.yaml:4:11 pipeline agin is not a pipeline (pipelines/*.yaml); did you mean again?',
      'drift/weekly.yaml:5:9 36h is not made of whole days, and fields are profiled by day; write a multiple of 1d, or leave fields out',
      'drift/weekly.yaml:6:20 quality.window 48h is not made of whole windows of 36h; write a multiple of 36h',
      'drift/weekly.yaml:7:21 50h is not made of whole days, and fields are profiled by day; write a multiple of 1d, or leave fields out',
    ],
  ],
  [
    'an unsound schema',
    [{ file: CONTRACT, replace: '{ type: number }', by: "{ type: number, minimun: 1 }\n    e/mail: { 'x-pii': secret }" }],
    [
      "contracts/bought.yaml:10:29 'minimun' is not a keyword of JSON Schema 2020-12, so nothing would apply it; did you mean minimum?",
      'contracts/bought.yaml:11:24 x-pii must be one of none, pseudonym, personal, sensitive, but is "secret"',
    ],
  ],
  [
    'a remote reference',
    [{ file: CONTRACT, replace: '{ type: number }', by: '{ $ref: "https://far.example/amount.json" }' }],
    [
      /^contracts\/bought\.yaml:10:21 \$ref "https:\/\/far\.example\/amount\.json" leads out of the document; nothing is fetched/u,
    ],
  ],
  [
    'a version twice, and a gap',
    [
      { file: 'contracts/bought-again.yaml', by: SOUND_WORKSPACE[CONTRACT] ?? '' },
      { file: 'contracts/predicted.yaml', replace: 'version: 1', by: 'version: 3' },
    ],
    [
      'contracts/bought.yaml:2:10 bought version 1 is declared twice; give the newer one the next version',
      'contracts/predicted.yaml:2:10 predicted has version 3, but versions 1 to 2 are missing; versions count from 1 without gaps',
    ],
  ],
  [
    'an owner that is no team',
    [{ file: VIEW, replace: 'owner: data', by: 'owner: dat' }],
    ['features/purchases.yaml:3:8 owner dat is not a team of workspace.yaml; did you mean data?'],
  ],
  [
    'a team twice',
    [{ file: 'workspace.yaml', replace: 'name: data', by: 'name: shop' }],
    [
      'features/purchases.yaml:3:8 owner data is not a team of workspace.yaml; there are shop',
      'models/again.yaml:2:8 owner data is not a team of workspace.yaml; there are shop',
      'pipelines/again.yaml:2:8 owner data is not a team of workspace.yaml; there are shop',
      'workspace.yaml:5:13 team shop is declared twice; the other one is at workspace.yaml:4',
    ],
  ],
  [
    'a view twice',
    [{ file: 'features/zz.yaml', by: SOUND_WORKSPACE[VIEW] ?? '' }],
    ['features/zz.yaml:1:7 view purchases is declared twice; the other one is at features/purchases.yaml:1'],
  ],
  [
    'a feature twice',
    [{ file: VIEW, replace: 'amount_7d', by: 'count_30d' }],
    [
      'features/purchases.yaml:13:11 feature count_30d is declared twice; the other one is at features/purchases.yaml:10',
      'models/again.yaml:8:14 input purchases.amount_7d is not a feature of any view; did you mean purchases.count_30d?',
    ],
  ],
  [
    'an input that no view has',
    [{ file: MODEL, replace: 'count_30d', by: 'count_3d' }],
    ['models/again.yaml:5:14 input purchases.count_3d is not a feature of any view; did you mean purchases.count_30d?'],
  ],
  [
    'an input twice',
    [{ file: MODEL, replace: 'amount_7d', by: 'count_30d' }],
    ['models/again.yaml:8:14 input purchases.count_30d is declared twice; the other one is at models/again.yaml:5'],
  ],
  [
    'a day that never was',
    [{ file: MODEL, replace: '2011-01-01', by: '2011-02-30' }],
    ['models/again.yaml:12:9 firstTraining.from 2011-02-30 is not a day of the calendar; write YYYY-MM-DD'],
  ],
  [
    'a trainer nobody has',
    [{ file: MODEL, replace: 'logistic-regression', by: 'logistic-regresion' }],
    [/^models\/again\.yaml:16:7 trainer\.algorithms\[0\] must be one of .*did you mean logistic-regression\?$/u],
  ],
  [
    'a view of events without a contract',
    [{ file: VIEW, replace: 'subject: bought', by: 'subject: buoght' }],
    ['features/purchases.yaml:5:10 subject buoght is not a contract (contracts/*.yaml); did you mean bought?'],
  ],
  [
    'an entity that the events do not have',
    [{ file: VIEW, replace: 'entity: customer', by: 'entity: costumer' }],
    [
      'features/purchases.yaml:6:9 entity costumer is not a property of bought; did you mean customer?',
      'pipelines/again.yaml:10:11 scores.entity is customer, but view purchases, which the model reads, is kept by costumer; use one entity in both (features/purchases.yaml)',
    ],
  ],
  [
    'a sum of nothing',
    [{ file: VIEW, replace: '    of: amount\n', by: '' }],
    ["features/purchases.yaml:14:16 sum needs a property to look at; add 'of' with a numeric property of bought"],
  ],
  [
    'a count of something',
    [{ file: VIEW, replace: 'aggregate: count', by: 'aggregate: count\n    of: amount' }],
    ["features/purchases.yaml:12:5 count looks at no property; leave 'of' out"],
  ],
  [
    'a sum of text',
    [{ file: VIEW, replace: 'of: amount', by: 'of: note' }],
    ['features/purchases.yaml:15:9 of note is string in bought, but must be a number; there are amount'],
  ],
  [
    'a window between panes',
    [{ file: VIEW, replace: 'window: 7d', by: 'window: 36h' }],
    [
      'features/purchases.yaml:16:13 window 36h is not a multiple of the granularity 1d; choose a multiple, or a finer granularity',
    ],
  ],
  [
    'a model that is not there',
    [{ file: PIPELINE, replace: 'model: again', by: 'model: never' }],
    ['pipelines/again.yaml:11:8 model never is not a model (models/*.yaml); there are again'],
  ],
  [
    'subjects that are not there',
    [
      { file: PIPELINE, replace: 'subject: predicted', by: 'subject: predict' },
      { file: PIPELINE, replace: 'subject: bought\n  horizon', by: 'subject: brought\n  horizon' },
    ],
    [
      'pipelines/again.yaml:15:12 predictions.subject predict is not a contract (contracts/*.yaml); did you mean predicted?',
      'pipelines/again.yaml:18:12 outcome.subject brought is not a contract (contracts/*.yaml); did you mean bought?',
    ],
  ],
  [
    'a decision that goes out under no contract, to where it comes from',
    [{ file: PIPELINE, replace: 'otherwise: none', by: 'otherwise: none, emits: { topic: shop, subject: prdicted }' }],
    [
      'pipelines/again.yaml:12:76 decision.emits.topic shop is the topic that the pipeline reads; name another one: what it sends would come back to it',
      'pipelines/again.yaml:12:91 decision.emits.subject prdicted is not a contract (contracts/*.yaml); did you mean predicted?',
    ],
  ],
  [
    'predictions that come back',
    [{ file: PIPELINE, replace: 'topic: predictions', by: 'topic: shop' }],
    [/^pipelines\/again\.yaml:14:10 predictions\.topic shop is the topic that the pipeline reads; /u],
  ],
  [
    'an outcome without the entity',
    [{ file: PIPELINE, replace: 'subject: bought\n  horizon', by: 'subject: predicted\n  horizon' }],
    ['pipelines/again.yaml:10:11 entity customer is not a property of predicted; there are score'],
  ],
  [
    'a latency budget that does not add up',
    [
      {
        file: PIPELINE,
        replace: 'decide: { mean: 10ms, p95: 20ms, p99: 40ms }',
        by: 'decide: { mean: 12ms, p95: 500ms, p99: 40ms }',
      },
    ],
    [
      'pipelines/again.yaml:26:3 the means of the stages add up to 82ms, more than the total’s 80ms; lower some, or raise the total',
      'pipelines/again.yaml:33:32 p95 500ms is more than p99 40ms; p95 is at most p99',
      'pipelines/again.yaml:33:32 decide p95 500ms is more than the total’s 200ms; a stage takes no longer than the whole',
    ],
  ],
  [
    'de-duplication beyond retention',
    [{ file: PIPELINE, replace: 'window: 1d', by: 'window: 31d' }],
    [/^pipelines\/again\.yaml:22:11 deduplication\.window 31d is longer than topic\.retention 30d; /u],
  ],
  [
    'a replay to nowhere, of nothing',
    [
      { file: 'replay.yaml', replace: 'topic: shop', by: 'topic: shops' },
      { file: 'data/year.parquet', by: null },
    ],
    [
      'replay.yaml:2:8 topic shops is not the topic of a pipeline (pipelines/*.yaml); did you mean shop?',
      'replay.yaml:3:7 file data/year.parquet is not there; it is looked for at <folder>/data/year.parquet',
    ],
  ],
  [
    'incidents that cannot happen',
    [
      {
        file: 'replay.yaml',
        replace: 'attribution',
        by: `incidents:
  - ${incident('pence', 'subject: bought, field: amount', "from: '2011-10-01', to: '2011-11-01'")}
  - ${incident('pence', 'subject: bought, field: /note', "from: '2011-10-01', to: '2011-10-01'")}
  - ${incident('other', 'subject: buoght, field: amount', "from: '2011-02-30', to: '2011-11-01'")}
attribution`,
      },
    ],
    [
      /^replay\.yaml:8:13 incident pence is declared twice; the other one is at replay\.yaml:7$/u,
      /field note is string in bought, but must be a number; there are amount/u,
      /to 2011-10-01 is not after from 2011-10-01; to is the first day without it/u,
      /subject buoght is not a contract/u,
      /from 2011-02-30 is not a day of the calendar; write YYYY-MM-DD/u,
    ],
  ],
  [
    'a broken contract, once and not again at every reference to it',
    [{ file: CONTRACT, replace: 'owner: shop', by: 'ownr: shop' }],
    ["contracts/bought.yaml:3:1 'ownr' is not a property here; did you mean owner?"],
  ],
  [
    'a contract that cannot even be parsed, once',
    [{ file: CONTRACT, by: 'subject: bought\nsubject: bought\n' }],
    ['contracts/bought.yaml:2:1 this key is there twice; keep one of the two'],
  ],
];
