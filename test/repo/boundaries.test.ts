import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { codeFiles, ROOT, withFolder } from '../support/repository.ts';

interface Cruised {
  readonly modules: readonly { readonly source: string; readonly coreModule?: boolean }[];
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

function cruise(folder: string): Cruised {
  const bin = `${ROOT}/node_modules/dependency-cruiser/bin/dependency-cruise.mjs`;
  const args = [bin, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', '.'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  return JSON.parse(stdout) as Cruised;
}

/** Each a file that breaks one rule: path, text, rule. */
const PLANTS = [
  ['core/reaches-up.ts', "import '#registry';", 'layer-core'],
  ['registry/reaches-across.ts', "import type { A } from '#drift';\nexport type B = A;", 'layer-registry'],
  ['drift/reaches-runtime.ts', "import '#runtime';", 'layer-drift'],
  ['collector/reaches-app.ts', "import '#app';", 'layer-collector'],
  ['dashboards/reaches-collector.ts', "import '#collector';", 'layer-dashboards'],
  ['runbooks/reaches-dashboards.ts', "import '#dashboards';", 'layer-runbooks'],
  ['runtime/reaches-collector.ts', "export const later = () => import('#collector');", 'layer-runtime'],
  ['examples/reaches-core.mjs', "import '#core';", 'layer-examples'],
  ['app/behind-the-front.ts', "import '../registry/inner.ts';", 'front-doors-only'],
  ['app/by-path.ts', "import '../registry/index.ts';", 'boundary-by-name'],
  ['registry/own-front.ts', "import '#registry';", 'no-own-front-door'],
  ['registry/cycle-a.ts', "import './cycle-b.ts';", 'no-cycles'],
  ['app/nowhere.ts', "import './missing.ts';", 'nothing-unresolved'],
  ['app/no-package.ts', "import 'a-package-that-is-not-there';", 'nothing-unresolved'],
  ['app/undeclared.ts', "import 'light-my-request';", 'declared-packages-only'],
  ['app/uses-vitest.ts', "import 'vitest';", 'no-dev-packages-in-product'],
  ['app/uses-tests.ts', "import '../test/support/counts.ts';", 'tests-stay-out'],
  [
    'registry/serves.ts',
    "import type { FastifyInstance } from 'fastify';\nexport type S = FastifyInstance;",
    'confined-fastify*',
  ],
  ['registry/plugs.ts', "import 'fastify-plugin';", 'confined-fastify*'],
  ['drift/queries.ts', "import '@clickhouse/client';", 'confined-@clickhouse/*'],
  ['collector/otlp/embeds.ts', "import 'chdb';", 'confined-chdb'],
  ['runtime/brokers/embedded/dials.ts', "import 'kafkajs';", 'confined-kafkajs'],
  ['runtime/features/stores.ts', "import 'lmdb';", 'confined-lmdb'],
  ['runtime/pipeline/infers.ts', "import 'onnxruntime-node';", 'confined-onnxruntime-node'],
  ['app/reads.ts', "import 'hyparquet';", 'confined-hyparquet'],
  ['dashboards/console/reads-files.ts', "import 'node:fs';", 'console-runs-in-a-browser'],
  ['dashboards/console/takes-values.tsx', "import { front } from '#core';\nexport const a = front;", 'console-takes-types-only'],
  ['dashboards/console/reaches-drift.tsx', "import type { A } from '#drift';\nexport type B = A;", 'layer-dashboards'],
  ['dashboards/imports-console.ts', "import './console/page.tsx';", 'console-is-built-not-imported'],
  ['dashboards/draws.ts', "import 'uplot';", 'confined-uplot'],
  ['app/cli/renders.ts', "import 'preact';", 'confined-preact'],
  ['collector/asks.ts', "import '@tanstack/react-query';", 'confined-@tanstack/*'],
  ['runbooks/routes.ts', "import 'wouter';", 'confined-wouter'],
  ['runbooks/diagnosis/peeks.ts', "import '../drills/faults.ts';", 'diagnosis-knows-no-drill'],
  [
    'runbooks/alerts/peeks.ts',
    "import type { Fault } from '../drills/faults.ts';\nexport type B = Fault;",
    'diagnosis-knows-no-drill',
  ],
  ['app/rehearses.ts', "import './drills/drill-line.ts';", 'drills-stay-apart'],
  ['dashboards/bundles.ts', "import 'vite';", 'confined-vite'],
] as const;

/** Imports that the rules allow. */
const ALLOWED = {
  'runtime/models/session.ts': "import 'onnxruntime-node';\nimport '#core';\nimport '#registry';",
  'runtime/models/session-worker.ts': "import { parentPort } from 'node:worker_threads';\nparentPort?.close();",
  'runtime/brokers/embedded/log.ts': "import 'lmdb';",
  'dashboards/console/page.tsx':
    "import { useState } from 'react';\nimport type { front } from '#core';\nexport const use = useState<typeof front>;",
  'app/http/server.ts': "import 'fastify';\nimport '#runtime';",
  'app/cli/drill.ts': "import '../drills/drill-line.ts';",
  'test/anything.test.ts': "import '../registry/inner.ts';\nimport '#core';\nimport 'vitest';\nimport 'lmdb';",
};

const FRONTS = Object.fromEntries(
  ['core', 'registry', 'runtime', 'collector', 'drift', 'dashboards', 'runbooks', 'app'].map((domain) => [
    `${domain}/index.ts`,
    `export const front = '${domain}';`,
  ]),
);

const SETTINGS = ['package.json', 'tsconfig.json', 'layers.json', '.dependency-cruiser.mjs', 'test/support/counts.ts'];

describe('the rules on who may import whom', () => {
  const plants = Object.fromEntries(PLANTS.map(([path, text]) => [path, text]));
  const files = {
    ...FRONTS,
    'registry/inner.ts': 'export const inner = 1;',
    'runbooks/drills/faults.ts': "export type Fault = 'F1';",
    'app/drills/drill-line.ts': 'export const drill = 1;',
    'registry/cycle-b.ts': "import './cycle-a.ts';",
    ...ALLOWED,
    ...plants,
  };
  const { violations } = withFolder(files, SETTINGS, cruise).summary;

  it.each(PLANTS)('catch %s', (path, _text, rule) => {
    expect(violations.filter(({ from }) => from === path).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('let through what is allowed', () => {
    expect(violations.filter(({ from }) => from in ALLOWED || from in FRONTS)).toEqual([]);
  });

  it('look at every code file of the repository', () => {
    const cruised = cruise(ROOT).modules.map(({ source }) => source);
    const looked = new Set(cruised.filter((source) => !source.includes('node_modules')));
    expect(codeFiles().filter((path) => !looked.has(path))).toEqual([]);
  });
});
