import { describe, expect, onTestFinished, test } from 'vitest';
import {
  CONTROL_TYPES,
  envelopeHeaders,
  ModelAnswer,
  ModelList,
  type ModelPromoted,
  type RollbackRequest,
  systemClock,
  TOPICS,
} from '#core';
import { monthlyQuality } from '#drift';
import { openEmbeddedLog } from '#runtime';
import type { ServerDeps } from '../../../app/http/deps.ts';
import { promotedOf } from '../../collector/records/facts.ts';
import { decisionOf, outcomeOf, PIPELINE, predictions } from '../../drift/prediction-records.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveNothing } from './api-server.ts';
import { governedWorkspace, serveGoverned, storeLine } from './governed-line.ts';

const { database } = telemetryForFile();

describe('GET /api/models', () => {
  test('lists a model with what changed last on the event clock', async () => {
    const { get } = await serveGoverned(database());
    expect((await get<ModelList>('/api/models', ModelList)).models).toMatchObject([
      { name: 'repurchase', pipeline: PIPELINE, liveVersion: null, shadowVersion: null, versions: 0, lastChange: null },
    ]);
    await storeLine(database());
    expect((await get<ModelList>('/api/models', ModelList)).models).toMatchObject([
      {
        liveVersion: 1,
        shadowVersion: 2,
        versions: 2,
        lastChange: { at: '2011-03-14T00:00:00.000Z', summary: expect.stringMatching(/^repurchase v2 scores in shadow/u) },
      },
    ]);
  });

  test('tells a model’s versions, trainings and months', async () => {
    await storeLine(database());
    const rows = predictions(300).map((row) => ({ ...row, scored: { version: 1, score: 0.5 } }));
    const history = { decisions: rows.map(decisionOf), outcomes: rows.flatMap((row) => outcomeOf(row) ?? []) };
    const quality = monthlyQuality({ ...history, finalBeforeMs: Number.POSITIVE_INFINITY });
    const unasked = () => expect.fail();
    const line = { progress: unasked, replay: unasked, liveVersion: unasked, quality: async () => quality };
    const { get } = await serveGoverned(database(), { line });
    const model = await get<ModelAnswer>('/api/models/repurchase', ModelAnswer);
    expect(model).toMatchObject({ liveVersion: 1, shadowVersion: 2, rollbackTo: [], jobs: ['weekly'], total: { trainings: 2 } });
    expect(model.versions).toMatchObject([
      { version: 2, status: 'shadow', cause: 'drift', trainedOn: { rows: 1800 }, decisions: 0, live: [] },
      {
        version: 1,
        status: 'live',
        cause: 'first_model',
        decisions: 300,
        live: [{ from: '2011-03-07T00:00:00.000Z', to: null }],
      },
    ]);
    expect(model.trainings[0]).toMatchObject({ outcome: 'in_shadow', evidence: [{ target: 'buyer.spend', job: 'weekly' }] });
    expect(
      model.months.map(({ month, trainings, frozenMatured, matured }) => [month, trainings, frozenMatured === matured]),
    ).toEqual([
      ['2011-01', 0, true],
      ['2011-02', 0, true],
      ['2011-03', 2, true],
    ]);
  });

  test.each([
    ['/api/models/repurchas', 404, 'APP_MODEL_UNKNOWN', /no model repurchas; it has repurchase/u],
    ['/api/models?x=1', 400, 'APP_REQUEST_INVALID', /no query parameter/u],
    [
      '/api/drift/weekly/distribution?target=score&to=2011-01-08T00:00:00Z',
      404,
      'APP_WINDOW_UNKNOWN',
      /no distribution of score/u,
    ],
  ])('refuses %s with %i %s', async (url, status, code, message) => {
    const { problem } = await serveGoverned(database());
    expect(await problem(url)).toEqual({ status, code, message: expect.stringMatching(message) });
  });
});

describe('POST /api/models/:name/rollback', () => {
  const URL_OF = '/api/models/repurchase/rollback';
  const body: RollbackRequest = { reason: 'Complaints of the shop', actor: 'ada' };

  /** A log on which these versions were promoted, one after the other, behind the real server without a store. */
  async function serveLine(versions: readonly number[]) {
    const log = await openEmbeddedLog({ folder: await temporaryFolder(), clock: systemClock });
    onTestFinished(() => log.close());
    await log.createTopic({ name: TOPICS.control, partitions: 1, retention: {} });
    const promoted = (fact: ModelPromoted, id: string) => ({
      topic: TOPICS.control,
      headers: envelopeHeaders({ id, source: '/t', type: CONTROL_TYPES.modelPromoted, timeMs: 0 }),
      value: JSON.stringify(fact),
    });
    await log.commit({ records: versions.map((version, index) => promoted(promotedOf(version), `p${index}`)) });
    const asked: object[] = [];
    const models: ServerDeps['models'] = {
      rollback: async (name, request) => {
        asked.push({ name, ...request });
        return { model: name, from: 2, to: request.to ?? 1, at: '2011-03-07T00:00:00.000Z', summary: 's' };
      },
    };
    const { server } = await serveNothing({ workspace: governedWorkspace(), log, models });
    const post = async (payload: unknown, headers: Record<string, string> = {}, url = URL_OF) => {
      const sent = { 'content-type': 'application/json', ...headers };
      const answer = await server.inject({ method: 'POST', url, headers: sent, payload: JSON.stringify(payload) });
      return { status: answer.statusCode, ...(JSON.parse(answer.body) as { code?: string; message?: string }) };
    };
    return { post, asked };
  }

  test('goes to a version that decided before, with reason and actor', async () => {
    const { post, asked } = await serveLine([1, 2]);
    expect(await post({ ...body, to: 1 })).toMatchObject({ status: 200, model: 'repurchase', from: 2, to: 1 });
    expect(await post(body)).toMatchObject({ status: 200 });
    expect(asked).toEqual([
      { name: 'repurchase', ...body, to: 1 },
      { name: 'repurchase', ...body },
    ]);
  });

  test.each([
    [{ ...body, to: 2 }, [1, 2], 409, 'APP_ROLLBACK_REFUSED', /v2 decides already: a roll-back may go to v1/u],
    [{ ...body, to: 3 }, [1, 2], 409, 'APP_ROLLBACK_REFUSED', /v3 has never decided: a roll-back may go to v1/u],
    [body, [1], 409, 'APP_ROLLBACK_REFUSED', /v1 is the only version that ever decided/u],
    [body, [], 409, 'APP_ROLLBACK_REFUSED', /no version of repurchase decides yet/u],
    [{ actor: 'ada' }, [1, 2], 400, 'APP_REQUEST_INVALID', /the body .*reason/u],
    [{ ...body, reason: '   ' }, [1, 2], 400, 'APP_REQUEST_INVALID', /'reason' in the body/u],
    [{ ...body, version: 1 }, [1, 2], 400, 'APP_REQUEST_INVALID', /no property "version": it takes to, reason, actor/u],
    [null, [1, 2], 400, 'APP_REQUEST_INVALID', /the body/u],
  ])('refuses %j after promotions of %j: %i %s', async (payload, versions, status, code, message) => {
    const { post, asked } = await serveLine(versions);
    expect(await post(payload)).toEqual({ status, code, message: expect.stringMatching(message) });
    expect(asked).toEqual([]);
  });

  test.each([
    [{ 'content-type': 'text/plain' }, URL_OF, 415, 'APP_BODY_NOT_JSON'],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, URL_OF, 415, 'APP_BODY_NOT_JSON'],
    [{ origin: 'https://evil.example' }, URL_OF, 403, 'APP_ORIGIN_REFUSED'],
    [{ host: 'evil.example' }, URL_OF, 403, 'APP_HOST_REFUSED'],
    [{}, '/api/models/other/rollback', 404, 'APP_MODEL_UNKNOWN'],
  ])('refuses %j at %s: %i %s', async (headers: Record<string, string>, url, status, code) => {
    const { post, asked } = await serveLine([1, 2]);
    expect(await post(body, headers, url)).toMatchObject({ status, code });
    expect(asked).toEqual([]);
  });
});
