import { describe, expect, it, onTestFinished } from 'vitest';
import { type FiredAlert, ManualClock } from '#core';
import { AlertNotifier, type NotificationTarget } from '#runbooks';
import { type Answer, openReceiver } from '../../drift/webhooks/receiver.ts';

const START_MS = Date.UTC(2026, 0, 1);
const PUBLIC_URL = 'https://throughline.example';

function alertOf(name: string, parts: Partial<FiredAlert> = {}): FiredAlert {
  return {
    fingerprint: name.padStart(16, '0'),
    status: 'firing',
    startsAtMs: START_MS,
    endsAtMs: null,
    labels: { alertname: 'ConsumerGroupLagging', pipeline: 'made', series: name },
    annotations: { summary: `${name} lags`, owner: 'growth', incident_url: `${PUBLIC_URL}/incidents/${name}` },
    value: 7,
    origin: 'throughline',
    ...parts,
  };
}

const A = alertOf('a');
const B = alertOf('b', { startsAtMs: START_MS + 1000 });
const OTHER = alertOf('c', { labels: { alertname: 'EventStuck', pipeline: 'made' } });
const WATCHDOG = alertOf('d', { labels: { alertname: 'Watchdog', pipeline: 'made' } });
const resolved = (alert: FiredAlert): FiredAlert => ({ ...alert, status: 'resolved', endsAtMs: START_MS + 90_000 });

interface Payload {
  readonly status: string;
  readonly groupKey: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** A notifier with one target, which answers what it is told; `tell` waits until all has been sent. */
async function openTarget(kind: NotificationTarget['kind'], answer?: (index: number) => Answer) {
  const receiver = await openReceiver(answer);
  const clock = new ManualClock(START_MS);
  let taken = 0;
  const headers = { authorization: 'Bearer abc' };
  const targets = [{ name: 'ops', kind, url: receiver.url, headers }];
  const notifier = new AlertNotifier({ targets, clock, publicUrl: () => PUBLIC_URL });
  onTestFinished(() => notifier.stop());
  return {
    receiver,
    clock,
    notifier,
    async tell(...alerts: readonly FiredAlert[]): Promise<void> {
      notifier.tell(alerts);
      await notifier.settled();
    },
    /** What came since the last call. */
    take(): readonly unknown[] {
      const bodies = receiver.requests.slice(taken).map(({ body }) => JSON.parse(body) as unknown);
      taken += bodies.length;
      return bodies;
    },
  };
}

const briefOf = (payload: unknown): string => {
  const { status, groupKey, alerts } = payload as Payload;
  const each = alerts.map((alert) => `${alert.labels['series'] ?? alert.labels['alertname']} ${alert.status}`);
  return `${status} ${/alertname="(\w+)"/u.exec(groupKey)?.[1]}: ${each.join(', ')}`;
};

describe('an Alertmanager', () => {
  it('is told what fires at once, each minute again, and once that it is resolved', async () => {
    const { tell, take, clock, receiver } = await openTarget('alertmanager');
    await tell(A);
    expect(receiver.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer abc' });
    expect(take()).toEqual([
      [
        {
          labels: A.labels,
          annotations: A.annotations,
          startsAt: '2026-01-01T00:00:00.000Z',
          endsAt: '2026-01-01T00:04:00.000Z',
          generatorURL: `${PUBLIC_URL}/incidents/a`,
        },
      ],
    ]);
    await tell(A);
    clock.advance(59_999);
    await tell(A);
    expect(take()).toEqual([]);
    clock.advance(1);
    await tell(A, B);
    expect(take()).toMatchObject([[{ endsAt: '2026-01-01T00:05:00.000Z' }, { labels: { series: 'b' } }]]);
    await tell(resolved(A), B);
    expect(take()).toMatchObject([[{ labels: { series: 'a' }, endsAt: '2026-01-01T00:01:30.000Z' }]]);
    clock.advance(60_000);
    await tell(resolved(A), B);
    expect(take()).toMatchObject([[{ labels: { series: 'b' } }]]);
  });
});

describe('a webhook', () => {
  it('is told of changes only, a message for each alert name of a pathway, each with all that fires in it', async () => {
    const { tell, take, clock } = await openTarget('webhook');
    await tell(A, B, OTHER);
    const first = take();
    expect(first.map(briefOf)).toEqual([
      'firing ConsumerGroupLagging: a firing, b firing',
      'firing EventStuck: EventStuck firing',
    ]);
    expect(first[0]).toEqual({
      version: '4',
      groupKey: '{}:{alertname="ConsumerGroupLagging", pipeline="made"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'ops',
      groupLabels: { alertname: 'ConsumerGroupLagging', pipeline: 'made' },
      commonLabels: { alertname: 'ConsumerGroupLagging', pipeline: 'made' },
      commonAnnotations: { owner: 'growth' },
      externalURL: PUBLIC_URL,
      alerts: [A, B].map(({ labels, annotations, fingerprint, startsAtMs }) => ({
        status: 'firing',
        labels,
        annotations,
        startsAt: new Date(startsAtMs).toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: annotations['incident_url'],
        fingerprint,
      })),
    });
    clock.advance(3_600_000);
    await tell(A, B, OTHER);
    expect(take()).toEqual([]);
    await tell(resolved(A), B, OTHER);
    expect(take().map(briefOf)).toEqual(['firing ConsumerGroupLagging: a resolved, b firing']);
    await tell(resolved(A), resolved(B), OTHER);
    expect(take().map(briefOf)).toEqual(['resolved ConsumerGroupLagging: b resolved']);
    await tell(OTHER);
    expect(take()).toEqual([]);
  });

  it('hears Watchdog each minute, as a sign of life', async () => {
    const { tell, take, clock } = await openTarget('webhook');
    await tell(WATCHDOG, OTHER);
    expect(take()).toHaveLength(2);
    clock.advance(60_000);
    await tell(WATCHDOG, OTHER);
    expect(take().map(briefOf)).toEqual(['firing Watchdog: Watchdog firing']);
  });

  it('is told of at most 100 alerts in a message, and how many more there are', async () => {
    const { tell, take } = await openTarget('webhook');
    await tell(...Array.from({ length: 130 }, (_, index) => alertOf(`s${index}`)));
    expect(take()).toMatchObject([{ truncatedAlerts: 30, alerts: { length: 100 } }]);
  });
});

describe('a target that fails', () => {
  it('is tried again with pauses that grow, and hears of what was resolved meanwhile', async () => {
    const { tell, take, clock, notifier } = await openTarget('webhook', (index) => ({ status: index < 3 ? 503 : 204 }));
    await tell(A);
    expect(notifier.states()).toEqual([
      {
        name: 'ops',
        kind: 'webhook',
        lastSuccessMs: null,
        problem: expect.stringMatching(
          /^ops \(http:\/\/127\.0\.0\.1:\d+\) answered 503 to alerts: answer; they are told again$/u,
        ),
      },
    ]);
    expect(take()).toHaveLength(1);
    const triesMs: number[] = [];
    for (let ms = 0; ms < 30_000; ms += 1000) {
      clock.advance(1000);
      // What was resolved is not spoken of any more after a while.
      if (ms < 5000) await tell(resolved(A));
      else await tell();
      if (take().length > 0) triesMs.push(clock.now() - START_MS);
    }
    expect(triesMs).toEqual([2000, 6000, 14_000]);
    expect(notifier.states()).toMatchObject([{ lastSuccessMs: START_MS + 14_000, problem: null }]);
  });

  it('cannot be reached, or never answers: neither holds up those who tell, nor another target', async () => {
    const hanging = await openReceiver(() => 'nothing');
    const fine = await openReceiver();
    const kind = 'webhook';
    const targets = [
      { name: 'closed', kind, url: 'http://127.0.0.1:1/hidden-path' },
      { name: 'hanging', kind, url: hanging.url },
      { name: 'fine', kind, url: fine.url },
    ] as const;
    const notifier = new AlertNotifier({ targets, clock: new ManualClock(START_MS), publicUrl: () => PUBLIC_URL });
    notifier.tell([A]);
    await expect.poll(() => fine.requests.length).toBe(1);
    await expect.poll(() => notifier.states()[0]?.problem).toMatch(/^closed \(http:\/\/127\.0\.0\.1:1\) cannot be reached: /u);
    await expect.poll(() => hanging.requests.length).toBe(1);
    notifier.tell([A, B]);
    await expect.poll(() => fine.requests.length).toBe(2);
    await notifier.stop();
    expect(notifier.states().map(({ problem }) => problem === null)).toEqual([false, true, true]);
  });
});
