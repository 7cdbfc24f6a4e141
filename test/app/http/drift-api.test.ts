import { describe, expect, test } from 'vitest';
import { DistributionAnswer, DriftAnswer, DriftList, TABLES } from '#core';
import { detectedOf, MARCH_MS } from '../../collector/records/facts.ts';
import { driftResultOf, logLossOf } from '../../collector/records/governance-records.ts';
import { storeRecords, telemetryForFile } from '../../support/telemetry.ts';
import { RECORDED_MS, serveGoverned, storeLine, WEEK_MS } from './governed-line.ts';

const { database } = telemetryForFile();

describe('GET /api/drift', () => {
  const distribution = { edges: [1], reference: [0.5, 0.5], current: [0.2, 0.8] };
  const alarm = { isBreach: true, isAlarm: true, value: 0.31, distribution } as const;
  /** The week that ends on 7 March 2011, in which the line's alarm begins, and the one before. */
  const windows = [{ fromMs: MARCH_MS - 2 * WEEK_MS, toMs: MARCH_MS - WEEK_MS }, detectedOf().window] as const;

  async function storeResults(): Promise<void> {
    const records = [
      driftResultOf(0, { window: windows[0], distribution }),
      { ...logLossOf(0, 0.6), window: windows[0] },
      driftResultOf(0, { ...alarm, window: windows[1] }),
      driftResultOf(0, { window: windows[1], method: 'ks', value: 0.1, pValue: 0.2 }),
      driftResultOf(0, { window: windows[1], target: 'score', targetKind: 'score', rows: 500 }),
    ];
    await storeRecords(database(), { table: TABLES.driftResults, records, ingestedMs: RECORDED_MS });
  }

  test('tells windows by targets, alarms and what followed, and findings', async () => {
    await storeLine(database());
    await storeResults();
    const { get } = await serveGoverned(database());
    const answer = await get<DriftAnswer>('/api/drift/weekly', DriftAnswer);
    expect(answer.windows).toMatchObject([
      { to: '2011-02-28T00:00:00.000Z', version: 1, decisions: 400, reference: { to: '2011-01-01T00:00:00.000Z' } },
      { to: '2011-03-07T00:00:00.000Z', version: 1, decisions: 500 },
    ]);
    expect(answer.targets).toMatchObject([
      { target: 'outcome', kind: 'outcome', cells: [[{ method: 'log_loss', value: 0.6, referenceValue: 0.55 }], null] },
      { target: 'score', kind: 'score', cells: [null, [{ method: 'psi' }]] },
      {
        target: 'buyer.spend',
        kind: 'feature',
        cells: [
          [{ method: 'psi' }],
          [
            { method: 'psi', isAlarm: true },
            { method: 'ks', pValue: 0.2 },
          ],
        ],
      },
    ]);
    expect(answer.alarms).toMatchObject([
      {
        target: 'buyer.spend',
        method: 'psi',
        endedAt: null,
        requestId: 'repurchase:request-2',
        version: 2,
        outcome: 'in_shadow',
      },
    ]);
    expect(answer.findings).toMatchObject([{ field: '/unitPrice', source: '/shop/uk', ratio: 100, restoredAt: null }]);
    expect((await get<DriftAnswer>('/api/drift/weekly?windows=1', DriftAnswer)).windows).toHaveLength(1);
    expect((await get<DriftList>('/api/drift', DriftList)).jobs).toMatchObject([
      {
        job: 'weekly',
        model: 'repurchase',
        windows: 2,
        openAlarms: 1,
        openFindings: 1,
        lastWindow: { to: '2011-03-07T00:00:00.000Z' },
      },
    ]);
    const url = '/api/drift/weekly/distribution?target=buyer.spend&to=2011-03-07T00:00:00.000Z';
    expect(await get<DistributionAnswer>(url, DistributionAnswer)).toMatchObject({
      edges: [1],
      shares: [0.2, 0.8],
      nullRate: null,
    });
  });

  test.each([
    ['/api/drift/weekl', 404, 'APP_JOB_UNKNOWN', /no drift job weekl; it has weekly/u],
    ['/api/drift/weekly?windows=401', 400, 'APP_REQUEST_INVALID', /'windows' in the query/u],
    ['/api/drift/weekly/distribution?target=score', 400, 'APP_REQUEST_INVALID', /to/u],
  ])('refuses %s with %i %s', async (url, status, code, message) => {
    const { problem } = await serveGoverned(database());
    expect(await problem(url)).toEqual({ status, code, message: expect.stringMatching(message) });
  });
});
