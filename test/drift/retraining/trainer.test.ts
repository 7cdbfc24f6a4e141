import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTROL_TYPES, type EventLog, HEADERS, type LogRecord, STORES, TOPICS } from '#core';
import {
  answerTrainingRequest,
  type FittingTask,
  promoteFirstModel,
  type TrainerDeps,
  TrainingClient,
  type TrainingSpec,
  trainFirstModel,
} from '#drift';
import { IN_PROCESS } from '../in-process-fitter.ts';
import { OnnxRunner } from '../onnx-runner.ts';
import { openTemporaryLog, type TemporaryLog } from '../open-log.ts';
import { DAY_MS, FEATURES, type Prediction, predictions, requestFor, writePredictions } from '../prediction-records.ts';
import { metadataPropsOf } from './onnx/protobuf-reader.ts';

const COUNT = 900;
const REQUEST = requestFor(COUNT);
const SPEC: TrainingSpec = {
  inputs: [
    { feature: FEATURES[0], transform: 'none', missing: 60 },
    { feature: FEATURES[1], transform: 'log1p', missing: 0 },
  ],
  trainer: { algorithms: ['logistic-regression'] },
};

let temporary: TemporaryLog;
let runner: OnnxRunner;
let deps: TrainerDeps;

beforeEach(async () => {
  temporary = await openTemporaryLog();
  runner = new OnnxRunner();
  deps = { log: temporary.log, clock: temporary.clock, runner, fitter: IN_PROCESS, trainedBy: 'throughline 0.1.0' };
});
afterEach(async () => {
  await runner.close();
  await temporary.remove();
});

async function controlRecords(log: EventLog): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of log.read({ topic: TOPICS.control, partition: 0, from: 0 })) records.push(record);
  return records;
}

async function typesOnControl(log: EventLog): Promise<readonly (string | undefined)[]> {
  return (await controlRecords(log)).map(({ headers }) => headers[HEADERS.type]);
}

async function artifacts(log: EventLog): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = new Map<string, Uint8Array>();
  for await (const { key, value } of log.readState(STORES.artifacts, 0)) entries.set(key, value);
  return entries;
}

const jsonOf = ({ value }: LogRecord): unknown => JSON.parse(new TextDecoder().decode(value));

async function registeredAnswer(from: TrainerDeps = deps, request = REQUEST, spec = SPEC) {
  const answer = await answerTrainingRequest(from, request, spec);
  if (answer.status !== 'registered' || answer.trained === undefined) throw new Error(JSON.stringify(answer));
  return { ...answer, trained: answer.trained };
}

describe('answerTrainingRequest', () => {
  it('registers a model whose lineage says what it came from', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const { registered, trained, already } = await registeredAnswer();
    expect(already).toBe(false);
    expect(registered).toMatchObject({ name: 'repurchase', version: 1, inputs: [FEATURES[0], FEATURES[1]] });
    expect(trained.lineage).toMatchObject({
      requestId: REQUEST.requestId,
      algorithm: 'logistic-regression',
      window: REQUEST.window,
      rows: COUNT,
      parameters: { l2: 1, minimumRows: 200, inputs: JSON.stringify(SPEC.inputs) },
      trainedBy: 'throughline 0.1.0',
    });
    const { metrics, parity } = trained.lineage;
    expect(parity).toBeLessThan(1e-5);
    for (const sample of ['training', 'holdout']) {
      expect(metrics[`${sample}Auc`]).toBeGreaterThan(0.65);
      expect(metrics[`${sample}LogLoss`]).toBeLessThan(Math.LN2);
      expect(metrics[`${sample}Accuracy`]).toBeGreaterThan(0.55);
      expect(metrics[`${sample}CalibrationError`]).toBeLessThan(0.15);
    }
    expect(metrics['holdoutRows']).toBe(COUNT / 5);
  });

  it('registers the better of two algorithms, and tells how well both did on the newest fifth', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const trainer = { algorithms: ['gradient-boosting' as const, 'logistic-regression' as const], seed: 5 };
    const { trained } = await registeredAnswer(deps, REQUEST, { ...SPEC, trainer });
    const { algorithm, metrics, parameters, parity } = trained.lineage;
    expect(parity).toBeLessThan(1e-5);
    const losses = new Map([
      [metrics['logisticRegressionHoldoutLogLoss'], 'logistic-regression'],
      [metrics['gradientBoostingHoldoutLogLoss'], 'gradient-boosting'],
    ]);
    expect(metrics['holdoutLogLoss']).toBe(Math.min(...Array.from(losses.keys(), Number)));
    expect(algorithm).toBe(losses.get(metrics['holdoutLogLoss']));
    expect(JSON.parse(String(parameters['trainer']))).toMatchObject({ ...trainer, gradientBoosting: { leaves: 8 } });
    const onnx = (await artifacts(temporary.log)).get('repurchase@1') ?? new Uint8Array();
    expect(metadataPropsOf(onnx)).toMatchObject({ algorithm, metrics: JSON.stringify(metrics) });
  });

  it('trains on the newest part of the requested window, where the trainer has a window of its own', async () => {
    const rows = predictions(COUNT).map((row): Prediction => (row.index < 40 ? { ...row, label: undefined } : row));
    await writePredictions(temporary.log, rows);
    const fromMs = REQUEST.window.toMs - 30 * DAY_MS;
    const trainer = { ...SPEC.trainer, window: '30d' };
    const answer = await answerTrainingRequest(deps, REQUEST, { ...SPEC, trainer });
    expect(answer).toMatchObject({ trained: { lineage: { rows: COUNT / 3, window: { fromMs, toMs: REQUEST.window.toMs } } } });
    const wide = { ...SPEC.trainer, window: '3650d' };
    const refused = await answerTrainingRequest(deps, { ...REQUEST, requestId: 'wide' }, { ...SPEC, trainer: wide });
    expect(refused).toMatchObject({ status: 'refused', refusal: { reason: 'outcomes_open' } });
  });

  it('keeps the file beside the facts, with the same lineage inside it', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const { registered, trained } = await registeredAnswer();
    const onnx = (await artifacts(temporary.log)).get('repurchase@1') ?? new Uint8Array();
    expect(createHash('sha256').update(onnx).digest('hex')).toBe(registered.onnxSha256);
    expect(metadataPropsOf(onnx)).toMatchObject({
      model: 'repurchase',
      version: '1',
      request_id: REQUEST.requestId,
      window_from: '2011-01-01T00:00:00.000Z',
      window_to: '2011-04-01T00:00:00.000Z',
      rows: String(COUNT),
      inputs: JSON.stringify(SPEC.inputs),
      data_fingerprint: trained.lineage.dataFingerprint,
      throughline: 'throughline 0.1.0',
    });
    expect(runner.loaded).toEqual([]);
  });

  it('writes both facts as CloudEvents in one commit', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const { registered, trained } = await registeredAnswer();
    const records = await controlRecords(temporary.log);
    expect(records.map(jsonOf)).toEqual([trained, registered]);
    expect(records.map(({ key, headers }) => [key, headers[HEADERS.id], headers[HEADERS.source], headers[HEADERS.type]])).toEqual(
      [
        ['repurchase', 'winback:first_model:trained', '/throughline/trainer', CONTROL_TYPES.modelTrained],
        ['repurchase', 'winback:first_model:registered', '/throughline/trainer', CONTROL_TYPES.modelRegistered],
      ],
    );
    expect(records[0]?.headers[HEADERS.time]).toBe('2011-05-01T00:00:00.000Z');
  });

  it('answers a second time from the log, after a restart too, without training', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const first = await registeredAnswer();
    const reopened = { ...deps, log: await temporary.reopen() };
    expect(await registeredAnswer(reopened)).toEqual({ ...first, already: true });
    expect(await typesOnControl(reopened.log)).toHaveLength(2);
  });

  it('makes the same file of the same log', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const { registered } = await registeredAnswer();
    const other = await openTemporaryLog();
    other.clock.advance(5000);
    await writePredictions(other.log, predictions(COUNT));
    const again = await registeredAnswer({ ...deps, log: other.log, clock: other.clock });
    expect(again.registered).toEqual(registered);
    await other.remove();
  });

  it('numbers versions by model, one over the highest', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    for (const requestId of ['a', 'b']) await registeredAnswer(deps, { ...REQUEST, requestId });
    const { registered } = await registeredAnswer(deps, { ...REQUEST, requestId: 'c', model: 'churn' });
    expect(registered).toMatchObject({ name: 'churn', version: 1 });
    expect([...(await artifacts(temporary.log)).keys()]).toEqual(['churn@1', 'repurchase@1', 'repurchase@2']);
  });

  const oneClass = predictions(COUNT).map((row) => ({ ...row, label: 0 as const }));
  const withOpen = predictions(COUNT).map((row): Prediction => (row.index < 40 ? { ...row, label: undefined } : row));
  it.each([
    { reason: 'outcomes_open', rows: withOpen },
    { reason: 'one_class', rows: oneClass },
    { reason: 'too_few_rows', rows: predictions(COUNT).slice(0, 100) },
  ])('records a refusal for $reason, once', async ({ reason, rows }) => {
    await writePredictions(temporary.log, rows);
    const answer = await answerTrainingRequest(deps, REQUEST, SPEC);
    expect(answer).toMatchObject({ status: 'refused', already: false, refusal: { reason, requestId: REQUEST.requestId } });
    expect(await answerTrainingRequest(deps, REQUEST, SPEC)).toEqual({ ...answer, already: true });
    expect(await typesOnControl(temporary.log)).toEqual([CONTROL_TYPES.trainingRefused]);
    expect(await artifacts(temporary.log)).toHaveProperty('size', 0);
  });

  it('refuses a file whose scores are not those of direct computation', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    for (const [index, wrong] of [(p: number) => p + 2e-5, () => Number.NaN].entries()) {
      const score = async (...args: Parameters<OnnxRunner['score']>) => {
        const result = await runner.score(...args);
        return { ...result, scores: result.scores.map(wrong) };
      };
      const bent = {
        load: runner.load.bind(runner),
        unload: runner.unload.bind(runner),
        close: runner.close.bind(runner),
        score,
      };
      const answer = await answerTrainingRequest({ ...deps, runner: bent }, { ...REQUEST, requestId: `r${index}` }, SPEC);
      expect(answer).toMatchObject({ status: 'refused', refusal: { reason: 'parity_exceeded' } });
    }
    expect(runner.loaded).toEqual([]);
  });

  it('records nothing when the runner fails, so that a retry trains', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const load = async () => Promise.reject(new Error('MODEL_UNREADABLE'));
    const broken = {
      load,
      unload: runner.unload.bind(runner),
      close: runner.close.bind(runner),
      score: runner.score.bind(runner),
    };
    await expect(answerTrainingRequest({ ...deps, runner: broken }, REQUEST, SPEC)).rejects.toThrow('MODEL_UNREADABLE');
    expect(await typesOnControl(temporary.log)).toEqual([]);
    expect((await registeredAnswer()).already).toBe(false);
  });

  it('records nothing when the thread that fits ends, so that a retry trains', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const fitter = new TrainingClient();
    const broken = {
      fit: async (task: FittingTask) => Promise.all([fitter.fit(task), fitter.close()]).then(([answer]) => answer),
    };
    const failing = answerTrainingRequest({ ...deps, fitter: { ...broken, close: fitter.close.bind(fitter) } }, REQUEST, SPEC);
    await expect(failing).rejects.toMatchObject({ code: 'DRIFT_TRAINING_ENDED', retryable: true });
    expect(await typesOnControl(temporary.log)).toEqual([]);
    expect((await registeredAnswer({ ...deps, fitter })).already).toBe(false);
  });

  it('throws on a decision that is not what its topic promises', async () => {
    await temporary.log.commit({ records: [{ topic: TOPICS.decisions, partition: 1, headers: {}, value: '{"fate":"scored"}' }] });
    await expect(answerTrainingRequest(deps, REQUEST, SPEC)).rejects.toMatchObject({
      code: 'DRIFT_RECORD_INVALID',
      message: expect.stringContaining(`${TOPICS.decisions}[1]@0`),
    });
  });
});

describe('promoteFirstModel', () => {
  it('lets the model decide from the request’s positions on, once', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    const answer = await registeredAnswer();
    const promoted = await promoteFirstModel(deps, REQUEST, answer);
    expect(promoted).toMatchObject({
      name: 'repurchase',
      version: 1,
      requestId: REQUEST.requestId,
      pipeline: REQUEST.pipeline,
      role: 'live',
      atMs: REQUEST.atMs,
      positions: REQUEST.positions,
      actor: 'throughline',
    });
    expect(promoted.reason).toMatch(
      /^First model: fitted to 900 matured outcomes .* 2011-01-01 to 2011-04-01, end exclusive; AUC .* 0\.\d{3}$/u,
    );
    expect(await promoteFirstModel(deps, REQUEST, answer)).toEqual(promoted);
    expect(await typesOnControl(temporary.log)).toEqual([
      CONTROL_TYPES.modelTrained,
      CONTROL_TYPES.modelRegistered,
      CONTROL_TYPES.modelPromoted,
    ]);
  });
});

describe('trainFirstModel', () => {
  it('trains and promotes, and takes up after a crash between the two', async () => {
    await writePredictions(temporary.log, predictions(COUNT));
    await registeredAnswer();
    const reopened = { ...deps, log: await temporary.reopen() };
    const outcome = await trainFirstModel(reopened, REQUEST, SPEC);
    expect(outcome).toMatchObject({ status: 'promoted', promoted: { version: 1 }, answer: { already: true } });
    expect(await trainFirstModel(reopened, REQUEST, SPEC)).toEqual(outcome);
    expect(await typesOnControl(reopened.log)).toHaveLength(3);
  });

  it('promotes nothing where the training is refused', async () => {
    await writePredictions(temporary.log, predictions(50));
    expect(await trainFirstModel(deps, REQUEST, SPEC)).toMatchObject({ status: 'refused', refusal: { reason: 'too_few_rows' } });
    expect(await typesOnControl(temporary.log)).toEqual([CONTROL_TYPES.trainingRefused]);
  });
});
