import { type BrokenWorkspace, FILES, SOUND_WORKSPACE } from './workspace-fixture.ts';

const { contract: CONTRACT, view: VIEW, model: MODEL, pipeline: PIPELINE } = FILES;

/** Files that are broken on their own. */
export const BROKEN_FILES: readonly BrokenWorkspace[] = [
  [
    'a misspelt key',
    [{ file: VIEW, replace: 'granularity', by: 'granularty' }],
    ["features/purchases.yaml:7:1 'granularty' is not a property here; did you mean granularity?"],
  ],
  [
    'an unknown key in an object',
    [{ file: PIPELINE, replace: '  partitions: 2', by: '  partitions: 2\n  colour: red' }],
    ["pipelines/again.yaml:7:3 'colour' is not a property in topic; known are name, partitions, retention"],
  ],
  [
    'a missing property',
    [{ file: PIPELINE, replace: '  partitions: 2\n', by: '' }],
    ["pipelines/again.yaml:4:1 topic must have the property 'partitions'; add it"],
  ],
  [
    'a missing property at the top',
    [{ file: VIEW, replace: 'owner: data\n', by: '' }],
    [
      "features/purchases.yaml:1:1 the file must have the property 'owner'; add it: The team that answers for it; declared in workspace.yaml.",
    ],
  ],
  [
    'a word of a list misspelt',
    [{ file: CONTRACT, replace: 'BACKWARD', by: 'BACKWARDS' }],
    [
      'contracts/bought.yaml:5:16 compatibility must be one of BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, FULL, FULL_TRANSITIVE, NONE but is "BACKWARDS"; did you mean BACKWARD?',
    ],
  ],
  [
    'a value of another type',
    [{ file: CONTRACT, replace: 'version: 1', by: 'version: one' }],
    ['contracts/bought.yaml:2:10 version must be a whole number but is "one"'],
  ],
  [
    'a number out of bounds',
    [{ file: PIPELINE, replace: 'partitions: 2', by: 'partitions: 0' }],
    ['pipelines/again.yaml:6:15 topic.partitions must be >= 1 but is 0'],
  ],
  [
    'a live part of a replay that stands still, and may pause for ever',
    [{ file: 'replay.yaml', replace: 'watermarkEvery: 1h', by: 'watermarkEvery: 1h\nlive: { last: 30d, speed: 0 }' }],
    [
      /^replay\.yaml:6:1 live must have the property 'maxPause'; add it: The longest wait for a next event/u,
      'replay.yaml:6:27 live.speed must be > 0 but is 0',
    ],
  ],
  [
    'a duration with a space',
    [{ file: VIEW, replace: 'window: 7d', by: 'window: 7 days' }],
    [
      /^features\/purchases\.yaml:16:13 features\[1\]\.window is "7 days", which is not of the expected form; .*250ms, 10s, 15m, 1h, 30d\.$/u,
    ],
  ],
  [
    'an empty list',
    [
      {
        file: VIEW,
        replace: SOUND_WORKSPACE[VIEW]?.slice(SOUND_WORKSPACE[VIEW].indexOf('features:')) ?? '',
        by: 'features: []\n',
      },
    ],
    [
      'features/purchases.yaml:9:11 features must not be empty but is an empty list',
      // The file is broken: its features are not missed a second time.
    ],
  ],
  [
    'the same key twice',
    [{ file: VIEW, replace: 'owner: data', by: 'owner: data\nowner: shop' }],
    ['features/purchases.yaml:4:1 this key is there twice; keep one of the two'],
  ],
  [
    'a tab',
    [{ file: 'workspace.yaml', by: 'name: small\nteams:\n\t- name: shop\n' }],
    [/^workspace\.yaml:3:1 a tab stands where YAML wants spaces; indent with spaces$/u],
  ],
  [
    'a quote that is not closed',
    [{ file: MODEL, replace: "from: '2011-01-01'", by: "from: '2011-01-01" }],
    [/^models\/again\.yaml:\d+:\d+ this is not YAML: Missing closing 'quote/u],
  ],
  [
    'two documents',
    [{ file: MODEL, replace: 'owner', by: '---\nowner' }],
    ['models/again.yaml:2:1 a second document begins here; write one object a file'],
  ],
  [
    'a tag',
    [{ file: MODEL, replace: 'owner: data', by: 'owner: !team data' }],
    ['models/again.yaml:2:8 this tag has no meaning here; write the plain value'],
  ],
  [
    'an empty file',
    [{ file: 'replay.yaml', by: '# nothing\n' }],
    ['replay.yaml the file is empty; write its object, or delete it'],
  ],
  ['a text', [{ file: 'replay.yaml', by: 'hello\n' }], ['replay.yaml:1:1 the file must be an object but is "hello"']],
  [
    'UTF-16',
    [{ file: 'replay.yaml', by: new Uint8Array([0xff, 0xfe, 0x61, 0x00]) }],
    ['replay.yaml the file is not UTF-8 text; save it as UTF-8'],
  ],
  ['zero bytes', [{ file: 'replay.yaml', by: 'a: \0' }], ['replay.yaml the file is not UTF-8 text; save it as UTF-8']],
  [
    'more than a mebibyte',
    [{ file: 'replay.yaml', by: '#'.repeat(1_048_577) }],
    ['replay.yaml the file is larger than 1048576 bytes; split it'],
  ],
  [
    'nesting',
    [{ file: 'replay.yaml', by: `a: ${'['.repeat(500)}${']'.repeat(500)}` }],
    ['replay.yaml the file nests deeper than 100 levels'],
  ],
  [
    'nesting that exhausts the parser',
    [{ file: 'replay.yaml', by: `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}` }],
    [/^replay\.yaml(:\d+:\d+ this is not YAML| the file nests deeper)/u],
  ],
  [
    'an anchor that holds itself',
    [{ file: 'replay.yaml', by: 'a: &a [*a]\n' }],
    [/^replay\.yaml the file nests deeper than 100 levels/u],
  ],
  [
    'aliases that multiply',
    [
      {
        file: 'replay.yaml',
        by: `a0: &a0 [1]\n${Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]\n`).join('')}`,
      },
    ],
    [/^replay\.yaml this is not YAML that can be read: Excessive alias count/u],
  ],
  [
    'the wrong ending',
    [{ file: 'models/other.yml', by: 'model: other\n' }],
    ['models/other.yml only files that end in .yaml are read; rename it'],
  ],
];
