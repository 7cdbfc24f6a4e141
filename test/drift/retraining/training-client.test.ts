import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FittingTask, fitModel, TrainingClient, trainerSettings } from '#drift';
import { syntheticInputs, syntheticRows } from '../synthetic-rows.ts';

/** A task of its own for each call: whoever fits takes the rows. */
function taskOf(columnCount = 4): FittingTask {
  const rows = syntheticRows({ rowCount: 1500, columnCount: 4, seed: 8, missing: 0.1 });
  return {
    model: { name: 'm', version: 3 },
    request: { requestId: 'r', window: { fromMs: 0, toMs: 1500 } },
    inputs: syntheticInputs(columnCount, true),
    settings: trainerSettings({ algorithms: ['logistic-regression', 'gradient-boosting'] }),
    trainedBy: 'throughline test',
    set: {
      ...rows,
      timesMs: Float64Array.from(rows.labels, (_, row) => row),
      positives: rows.labels.reduce((sum, label) => sum + label, 0),
      fingerprint: 'f',
    },
  };
}

let client: TrainingClient;
beforeEach(() => {
  client = new TrainingClient();
});
afterEach(async () => client.close());

describe('TrainingClient', () => {
  it('answers as the fit in the caller’s thread does, bit for bit, and hands the rows back', async () => {
    const task = taskOf();
    const answer = await client.fit(task);
    expect(answer).toEqual(fitModel(taskOf()));
    expect(answer).toMatchObject({ ok: true, value: { expected: { matrix: taskOf().set.matrix } } });
    expect(task.set.matrix.values).toHaveLength(0);
  });

  it('fits several at once', async () => {
    const answers = await Promise.all([client.fit(taskOf()), client.fit(taskOf())]);
    expect(answers[0]).toEqual(answers[1]);
  });

  it('hands refusals on', async () => {
    const task = taskOf();
    const answer = await client.fit({ ...task, settings: { ...task.settings, minimumRows: 5000 } });
    expect(answer).toMatchObject({ ok: false, reason: 'too_few_rows' });
  });

  it('hands the code of what was thrown on', async () => {
    await expect(client.fit(taskOf(5))).rejects.toMatchObject({ code: 'DRIFT_MODEL_SHAPE', retryable: false });
  });

  it('fails what is under way when its worker ends, so that it can be tried again', async () => {
    const fit = client.fit(taskOf());
    const failed = expect(fit).rejects.toMatchObject({ code: 'DRIFT_TRAINING_ENDED', retryable: true });
    await client.close();
    await failed;
    expect(await client.fit(taskOf())).toMatchObject({ ok: true });
  });

  it('ends a fit when its signal says so, one under way and one that would begin', async () => {
    const abort = new AbortController();
    const failed = expect(client.fit(taskOf(), abort.signal)).rejects.toMatchObject({ code: 'DRIFT_TRAINING_ENDED' });
    abort.abort();
    await failed;
    const late = client.fit(taskOf(), abort.signal);
    await expect(late).rejects.toMatchObject({
      code: 'DRIFT_TRAINING_ENDED',
      message: expect.stringContaining('before it began'),
    });
  });
});
