import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const contract = (subject: string, properties: string): string => `subject: ${subject}
version: 1
owner: shop
description: Something happened.
compatibility: BACKWARD
schema:
  type: object
  properties:
${properties}`;

const STAGES = ['broker_wait', 'batch_wait', 'contract', 'feature_read', 'model_queue', 'model_compute', 'decide', 'publish'];

/** A small workspace that is sound, file by file. */
export const SOUND_WORKSPACE: Readonly<Record<string, string>> = {
  'workspace.yaml': `name: small
description: A small workspace.
teams:
  - { name: shop, contact: shop@example.com }
  - { name: data, contact: data@example.com }
`,
  'contracts/bought.yaml': contract(
    'bought',
    '    customer: { type: string }\n    amount: { type: number }\n    note: { type: string }\n',
  ),
  'contracts/predicted.yaml': contract('predicted', '    score: { type: number }\n'),
  'features/purchases.yaml': `view: purchases
version: 1
owner: data
description: What a customer bought.
subject: bought
entity: customer
granularity: 1d
ownEvent: excluded
features:
  - name: count_30d
    aggregate: count
    window: 30d
  - name: amount_7d
    aggregate: sum
    of: amount
    window: 7d
`,
  'models/again.yaml': `model: again
owner: data
description: Buys again.
inputs:
  - feature: purchases.count_30d
    transform: log1p
    missing: 0
  - feature: purchases.amount_7d
    transform: none
    missing: 0
firstTraining:
  from: '2011-01-01'
  for: 90d
trainer:
  algorithms:
    - logistic-regression
`,
  'pipelines/again.yaml': `pipeline: again
owner: data
description: Scores purchases.
topic:
  name: shop
  partitions: 2
  retention: 30d
scores:
  subject: bought
  entity: customer
model: again
decision: { threshold: 0.5, below: write, otherwise: none }
predictions:
  topic: predictions
  subject: predicted
outcome:
  name: bought_again
  subject: bought
  horizon: 30d
  description: The next purchase.
deduplication:
  window: 1d
delivery: { guarantee: exactly-once, why: Letters cost money. }
latencyBudget:
  total: { mean: 80ms, p95: 200ms, p99: 400ms }
  stages:
${STAGES.map((stage) => `    ${stage}: { mean: 10ms, p95: 20ms, p99: 40ms }\n`).join('')}throughput: { eventsPerSecond: 10, burstFactor: 3, atLimit: queue, why: Measured. }
batch: { maxEvents: 100, maxWait: 1s }
`,
  'replay.yaml': `source: year
topic: shop
file: data/year.parquet
module: replay.mjs
watermarkEvery: 1h
attribution: Nobody's.
`,
  'replay.mjs': 'export default 1;\n',
  'data/year.parquet': 'PAR1',
};

/** Its files by what they hold. */
export const FILES = {
  contract: 'contracts/bought.yaml',
  view: 'features/purchases.yaml',
  model: 'models/again.yaml',
  pipeline: 'pipelines/again.yaml',
} as const;

/** What is broken, how, and every problem that must be told. */
export type BrokenWorkspace = readonly [name: string, edits: readonly Edit[], problems: readonly (string | RegExp)[]];

/** A change to the sound workspace: a text in a file replaced, or the whole file (null: removed). */
export interface Edit {
  readonly file: string;
  readonly replace?: string;
  readonly by: string | Uint8Array | null;
}

function edited(edits: readonly Edit[]): ReadonlyMap<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>(Object.entries(SOUND_WORKSPACE));
  for (const { file, replace, by } of edits) {
    const before = files.get(file);
    if (by === null) files.delete(file);
    else if (replace === undefined) files.set(file, by);
    else {
      if (typeof before !== 'string' || !before.includes(replace)) throw new Error(`${file} does not hold '${replace}'`);
      files.set(file, before.replace(replace, String(by)));
    }
  }
  return files;
}

/** Writes the sound workspace, with changes, to a folder that lives as long as the test. */
export async function writeWorkspace(edits: readonly Edit[] = []): Promise<string> {
  const folder = await temporaryFolder();
  for (const [file, content] of edited(edits)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  return folder;
}
