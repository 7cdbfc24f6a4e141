import { describe, expect, it } from 'vitest';
import type { FiredAlert } from '#core';
import { parseAlertWebhook } from '#runbooks';
import { fingerprintOf } from '../../../runbooks/evaluation/fingerprint.ts';
import { webhookPayload } from '../../../runbooks/notifications/webhook-payload.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const LABELS = { alertname: 'HighLatency', severity: 'critical', service: 'checkout' };

/** As Grafana 11 sends it. */
const GRAFANA = {
  receiver: 'throughline',
  status: 'firing',
  orgId: 1,
  title: '[FIRING:1] HighLatency',
  state: 'alerting',
  message: '**Firing**',
  version: '1',
  groupKey: '{}:{alertname="HighLatency"}',
  truncatedAlerts: 0,
  alerts: [
    {
      status: 'firing',
      labels: LABELS,
      annotations: { summary: 'Slow.' },
      startsAt: '2026-01-01T10:00:00.123456789Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://grafana/alerting/1',
      fingerprint: 'ab12cd34ef56ab78',
      silenceURL: 'http://grafana/silence',
      dashboardURL: 'http://grafana/d/1',
      panelURL: 'http://grafana/d/1?viewPanel=2',
      values: { B: 7.25 },
      valueString: "[ var='B' ]",
    },
  ],
};

describe('parseAlertWebhook', () => {
  it('reads what we send ourselves', () => {
    const alert: FiredAlert = {
      fingerprint: fingerprintOf(LABELS),
      status: 'resolved',
      startsAtMs: NOW_MS - 5000,
      endsAtMs: NOW_MS - 1000,
      labels: LABELS,
      annotations: { summary: 'Slow.', incident_url: 'http://x/incidents/1' },
      value: null,
      origin: 'alertmanager',
    };
    const firing: FiredAlert = { ...alert, status: 'firing', endsAtMs: null };
    const payload = webhookPayload([alert, firing], { receiver: 'ops', externalUrl: 'http://x' });
    expect(parseAlertWebhook(payload, NOW_MS)).toEqual([alert, firing]);
  });

  it('reads Grafana’s, which says more', () => {
    expect(parseAlertWebhook(GRAFANA, NOW_MS)).toEqual([
      {
        fingerprint: fingerprintOf(LABELS),
        status: 'firing',
        startsAtMs: Date.UTC(2026, 0, 1, 10, 0, 0, 123),
        endsAtMs: null,
        labels: LABELS,
        annotations: { summary: 'Slow.' },
        value: 7.25,
        origin: 'grafana',
      },
    ]);
  });

  it('takes a label that is a number as its text, and a missing start as now', () => {
    const [alert] = parseAlertWebhook({ alerts: [{ labels: { alertname: 'A', shard: 3 } }] }, NOW_MS);
    expect(alert).toMatchObject({ labels: { alertname: 'A', shard: '3' }, startsAtMs: NOW_MS, status: 'firing' });
  });

  const one = (parts: object): object => ({ alerts: [{ ...GRAFANA.alerts[0], ...parts }] });
  it.each([
    [[], 'the body is no JSON object'],
    ['alerts', 'the body is no JSON object'],
    [{}, 'the list alerts is missing: it takes Alertmanager’s webhook payload, version 4'],
    [{ alerts: ['x'] }, 'alerts[0] is no object'],
    [one({ labels: 'x' }), 'alerts[0].labels is no object of texts'],
    [one({ labels: { a: 'b' } }), 'alerts[0].labels has no alertname: an alert without a name finds no runbook'],
    [one({ labels: { alertname: 'A', b: {} } }), 'alerts[0].labels.b is no text'],
    [one({ startsAt: 'yesterday' }), 'alerts[0].startsAt is no RFC 3339 time'],
    [one({ startsAt: 5 }), 'alerts[0].startsAt is no RFC 3339 time'],
    [one({ status: 'pending' }), 'alerts[0].status is neither firing nor resolved'],
    [one({ annotations: [] }), 'alerts[0].annotations is no object of texts'],
    [
      { alerts: Array.from({ length: 501 }, () => GRAFANA.alerts[0]) },
      '501 alerts are more than 500: let the receiver group them',
    ],
  ])('says what is wrong with %j', (body, problem) => {
    expect(() => parseAlertWebhook(body, NOW_MS)).toThrow(
      expect.objectContaining({
        code: 'RUNBOOK_WEBHOOK_INVALID',
        status: 400,
        message: `the alerts cannot be taken: ${problem}`,
      }),
    );
  });
});
