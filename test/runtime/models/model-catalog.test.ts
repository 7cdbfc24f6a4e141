import fc from 'fast-check';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  CONTROL_TYPES,
  type EventLog,
  envelopeHeaders,
  ManualClock,
  type ModelRunner,
  type NewRecord,
  STORES,
  ThroughlineError,
  TOPICS,
} from '#core';
import { createPipelineTopics, InferenceClient, ModelCatalog, openEmbeddedLog, ShadowFaults } from '#runtime';
import { SHOP_DEFINITION, SHOP_FEATURES, shopModelOnnx } from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The catalog on a real log, with real inference. */

type Type = keyof typeof CONTROL_TYPES;
let pipelines = 0;

async function openLog(): Promise<EventLog> {
  const log = await openEmbeddedLog({ folder: await temporaryFolder(), clock: new ManualClock(0) });
  onTestFinished(() => log.close());
  await createPipelineTopics(log, SHOP_DEFINITION);
  return log;
}

const inference = new InferenceClient();
afterAll(() => inference.close());

/** A runner that says what it was asked to load. */
function watched(runner: ModelRunner, loaded: number[]): ModelRunner {
  return {
    load: async (model) => {
      loaded.push(model.version);
      await runner.load(model);
    },
    score: (request) => runner.score(request),
    unload: (model) => runner.unload(model),
    close: () => runner.close(),
  };
}

const positions = (offset: number) =>
  [0, 1].map((partition) => ({ topic: SHOP_DEFINITION.topic, partition, offset: offset + partition }));

function fact(type: Type, pipeline: string, more: object): NewRecord {
  const headers = envelopeHeaders({ id: 'x', source: '/test', type: CONTROL_TYPES[type], timeMs: 0 });
  return { topic: TOPICS.control, headers, value: JSON.stringify({ name: 'again', pipeline, role: 'live', ...more }) };
}

async function register(log: EventLog, version: number, inputs: readonly string[] = SHOP_FEATURES): Promise<void> {
  await log.commit({
    records: [fact('modelRegistered', '', { version, requestId: `r${version}`, inputs, onnxSha256: '' })],
    state: [{ store: STORES.artifacts, partition: 0, key: `again@${version}`, value: shopModelOnnx(version) }],
  });
}

const catalogOf = (log: EventLog, runner: ModelRunner, more: { pipeline?: string; shadowFaults?: ShadowFaults } = {}) =>
  new ModelCatalog({ log, runner, pipeline: SHOP_DEFINITION.name, featureNames: SHOP_FEATURES, ...more });

function answers(catalog: ModelCatalog): unknown {
  return [0, 1].map((partition) =>
    Array.from({ length: 40 }, (_, offset) => {
      const at = { partition, offset };
      return [catalog.liveAt(at), catalog.shadowsAt(at)];
    }),
  );
}

describe('the model catalog', () => {
  test('restored at any point answers as one that saw it all happen, and loads each version once', async () => {
    const log = await openLog();
    for (let version = 1; version <= 3; version++) await register(log, version);
    const step = fc.record({
      type: fc.constantFrom<Type>('modelPromoted', 'modelShadowed', 'modelRefused'),
      version: fc.integer({ min: 1, max: 3 }),
      purpose: fc.constantFrom('candidate', 'baseline'),
      by: fc.integer({ min: 0, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), fc.nat(10), async (steps, restart) => {
        const pipeline = `p${pipelines++}`;
        const loaded: number[] = [];
        const watching = catalogOf(log, watched(inference, loaded), { pipeline });
        await watching.catchUp();
        let offset = 0;
        for (const [index, { type, version, purpose, by }] of steps.entries()) {
          offset += by;
          const said = { version, purpose, requestId: `r${index}`, positions: positions(offset) };
          await log.commit({ records: [fact(type, pipeline, said)] });
          await watching.catchUp();
          if (index !== restart && index !== steps.length - 1) continue;
          const restored = catalogOf(log, inference, { pipeline });
          await restored.catchUp();
          expect(answers(restored)).toEqual(answers(watching));
          expect(restored.newest()).toEqual(watching.newest());
          for (let of = 0; of <= index; of++) expect(restored.answerOf(`r${of}`)).toEqual(watching.answerOf(`r${of}`));
        }
        const used = steps.filter(({ type }) => type !== 'modelRefused').map(({ version }) => version);
        expect(loaded).toHaveLength(new Set(used).size);
        expect(new Set(loaded)).toEqual(new Set(used));
      }),
      { numRuns: 15 },
    );
  });

  test('knows how each request ended: promoted, refused by its gate, or refused before there was a model', async () => {
    const log = await openLog();
    await register(log, 1);
    await register(log, 2);
    const catalog = catalogOf(log, inference);
    const { name } = SHOP_DEFINITION;
    await log.commit({
      records: [
        fact('modelPromoted', name, { version: 1, requestId: 'first', positions: positions(3) }),
        fact('retrainingRequested', name, { requestId: 'second', positions: positions(5) }),
        fact('modelShadowed', name, { version: 2, requestId: 'second', purpose: 'candidate', positions: positions(5) }),
        fact('retrainingRequested', name, { requestId: 'third', positions: positions(9) }),
        fact('trainingRefused', name, { requestId: 'third', reason: 'too few', message: 'too few rows' }),
      ],
    });
    await catalog.catchUp();
    expect(catalog.answerOf('first')).toMatchObject({ version: 1 });
    expect(catalog.answerOf('second')).toBeUndefined();
    expect(catalog.answerOf('third')).toMatchObject({ reason: 'too few' });
    await log.commit({ records: [fact('modelRefused', name, { version: 2, requestId: 'second', positions: positions(9) })] });
    await catalog.catchUp();
    expect(catalog.answerOf('second')).toMatchObject({ version: 2 });
  });

  test('goes on without a shadow that does not fit or is not there, says so once, and refuses to promote it', async () => {
    const log = await openLog();
    const told: string[] = [];
    await register(log, 1);
    await register(log, 2, ['nobody.serves_this']);
    const catalog = catalogOf(log, inference, { shadowFaults: new ShadowFaults((sentence) => told.push(sentence)) });
    const { name } = SHOP_DEFINITION;
    const shadow = { purpose: 'candidate', requestId: 'r', positions: positions(0) };
    await log.commit({
      records: [
        fact('modelPromoted', name, { version: 1, requestId: 'r1', positions: positions(0) }),
        fact('modelShadowed', name, { ...shadow, version: 2 }),
        fact('modelShadowed', name, { ...shadow, version: 3 }),
      ],
    });
    await catalog.catchUp();
    await catalog.catchUp();
    expect(catalog.liveAt({ partition: 0, offset: 9 })?.version).toBe(1);
    expect(catalog.shadowsAt({ partition: 0, offset: 9 })).toEqual([]);
    expect(told).toEqual([
      expect.stringMatching(
        /^RUNTIME_SHADOW_FAILED: again v2 scores in shadow no more until the next start: model again@2 reads nobody/u,
      ),
      expect.stringMatching(/again v3 scores .*again@3 was put in shadow, but its file is not in the data folder/u),
    ]);
    await log.commit({ records: [fact('modelPromoted', name, { version: 2, requestId: 'r', positions: positions(3) })] });
    await expect(catalog.catchUp()).rejects.toMatchObject({ code: 'RUNTIME_MODEL_UNFIT' });
  });

  test('tries a shadow again whose loading failed for a passing reason', async () => {
    const log = await openLog();
    await register(log, 1);
    const told: string[] = [];
    let failures = 1;
    const failing: ModelRunner = {
      ...watched(inference, []),
      load: async (model) => {
        if (failures-- > 0) throw new ThroughlineError('TEST_PASSING', 'the worker ended', { spec: PASSING });
        await inference.load(model);
      },
    };
    const catalog = catalogOf(log, failing, { shadowFaults: new ShadowFaults((sentence) => told.push(sentence)) });
    const shadow = { version: 1, purpose: 'baseline', requestId: 'r', positions: positions(0) };
    await log.commit({ records: [fact('modelShadowed', SHOP_DEFINITION.name, shadow)] });
    await catalog.catchUp();
    expect(catalog.shadowsAt({ partition: 0, offset: 0 })).toEqual([]);
    await catalog.catchUp();
    expect(catalog.shadowsAt({ partition: 0, offset: 0 })).toMatchObject([{ version: 1 }]);
    expect(told).toEqual([expect.stringContaining('again v1 failed in shadow: the worker ended; what the live version decides')]);
  });
});

const PASSING = { status: 500, retryable: true, doc: '' };
