import { beforeAll, describe, expect, test } from 'vitest';
import { AlertList, ManualClock, SloList } from '#core';
import { loadWorkspace, type Workspace } from '../../../app/config/index.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { serveNothing } from './api-server.ts';
import { MADE_END_MS, serveOperations, storeRefusals } from './operations-server.ts';

const { database } = telemetryForFile();
let workspace: Workspace | undefined;
const signal = new AbortController().signal;

beforeAll(async () => {
  workspace = await loadWorkspace('examples/retail');
  await storeRefusals(database());
}, 60_000);

/** The server a minute before the made history ends, with as long for its records as an evaluator of a round a second gives them. */
async function serve(store = true) {
  const clock = new ManualClock(MADE_END_MS - 58_000);
  const served = await serveOperations(workspace ?? expect.fail(), store ? database() : undefined, clock);
  return { ...served, clock };
}

/** An Alertmanager's message about something that is no rule of ours. */
const OUTSIDE = {
  version: '4',
  status: 'firing',
  receiver: 'throughline',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'DiskFull', severity: 'critical', pipeline: 'repurchase' },
      annotations: { summary: 'The disk is full.' },
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
    },
  ],
};

/** Two rounds, a minute apart, the second as the history ends. */
async function serveRounds() {
  const served = await serve();
  const unknown = await served.get<AlertList>('/api/alerts', AlertList);
  await served.evaluator.round(signal);
  served.clock.advance(60_000);
  await served.evaluator.round(signal);
  return { ...served, unknown };
}

describe('rules that were evaluated', () => {
  test('are told with their incidents, and as metrics; our own alerts that come back are known', async () => {
    const { get, server, post, incidents, evaluator, unknown } = await serveRounds();
    expect(new Set(unknown.alerts.map(({ state }) => state))).toEqual(new Set(['unknown']));

    const { alerts, notifications } = await get<AlertList>('/api/alerts', AlertList);
    expect(notifications).toEqual([]);
    expect(alerts[0]).toMatchObject({ state: 'firing', hasRunbook: true, owner: { contact: expect.stringContaining('@') } });
    const source = { source: '/shop/germany', subject: 'basket.updated' };
    expect(alerts.find(({ alert }) => alert === 'QuarantineGrowing')).toMatchObject({
      state: 'firing',
      series: [{ labels: source, hasIncident: true }],
    });

    const { headers, body } = await server.inject({ url: '/metrics' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toMatch(/^throughline_slo_events_total\{pipeline="repurchase",slo="shop-contract"\} (?!0$)\d+$/mu);
    expect(body).toMatch(/^throughline_slo_bad_events_total\{pipeline="repurchase",slo="shop-contract"\} (?!0$)\d+$/mu);
    expect(body).toContain('throughline_alert_value{alert="Watchdog",pipeline="repurchase",rule="watchdog",severity="none",');
    expect(body).toMatch(/^throughline_alert_value\{alert="QuarantineGrowing",.*source="\/shop\/germany",.*\} 0\.\d+$/mu);

    const ours = evaluator.alerts().filter(({ labels }) => labels['severity'] !== 'none');
    const before = incidents.list().length;
    expect({ before, ours: ours.length > 0 }).toEqual({ before: ours.length, ours: true });
    const startsAt = new Date(MADE_END_MS + 3_600_000).toISOString();
    const back = ours.map(({ labels, annotations }) => ({ status: 'firing', labels, annotations, startsAt }));
    expect(await post('/api/alerts', { version: '4', alerts: back })).toMatchObject({ answer: { taken: ours.length } });
    expect(incidents.list()).toHaveLength(before);
  });
});

describe('GET /api/slos', () => {
  test('tells what is left of each error budget, and how far runbooks cover the alerts', async () => {
    const { get } = await serve();
    const { slos, coverage } = await get<SloList>('/api/slos', SloList);
    expect(slos.map(({ sli }) => sli).sort()).toEqual(['contract', 'freshness', 'latency', 'outcomes', 'retraining']);
    expect(slos.find(({ sli }) => sli === 'contract')).toMatchObject({ problem: null, bad: expect.any(Number) });
    expect(slos.find(({ sli }) => sli === 'contract')?.budgetLeft).toBeLessThan(1);
    expect(coverage.withRunbook).toBe(coverage.alerts);
  });
});

describe('POST /api/alerts', () => {
  test('opens an incident of an alert from elsewhere, once however often it comes', async () => {
    const { post, incidents } = await serve(false);
    expect(await post('/api/alerts', OUTSIDE)).toEqual({ status: 200, answer: { taken: 1 } });
    expect(await post('/api/alerts', OUTSIDE)).toMatchObject({ status: 200 });
    expect(incidents.list()).toMatchObject([{ alert: 'DiskFull', severity: 'page', origin: 'alertmanager' }]);
  });

  test('takes as many alerts as an Alertmanager groups', async () => {
    const { post } = await serve(false);
    const [alert] = OUTSIDE.alerts;
    const annotations = { summary: 'x'.repeat(1000) };
    const alerts = Array.from({ length: 200 }, () => ({ ...alert, annotations }));
    expect(await post('/api/alerts', { ...OUTSIDE, alerts })).toEqual({ status: 200, answer: { taken: 200 } });
  });

  test('says what is wrong with what it cannot take', async () => {
    const { post, server } = await serve(false);
    expect(await post('/api/alerts', { alerts: [{ labels: {} }] })).toMatchObject({
      status: 400,
      answer: { code: 'RUNBOOK_WEBHOOK_INVALID', message: expect.stringMatching(/alerts\[0\]\.labels has no alertname/u) },
    });
    const text = { method: 'POST', url: '/api/alerts', headers: { 'content-type': 'text/plain' }, payload: '{}' } as const;
    expect((await server.inject(text)).statusCode).toBe(415);
    const foreign = { ...text, headers: { 'content-type': 'application/json', origin: 'https://evil.example' } };
    expect((await server.inject(foreign)).statusCode).toBe(403);
  });
});

describe('GET /metrics', () => {
  test('is not there without telemetry, and says so', async () => {
    const { problem } = await serveNothing();
    expect(await problem('/metrics')).toMatchObject({ status: 503, code: 'APP_TELEMETRY_UNAVAILABLE' });
  });
});
