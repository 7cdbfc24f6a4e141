import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CONTROL_TYPES, type Commit, type EventLog, envelopeHeaders, type ManualClock, TOPICS } from '#core';
import type { WebhookEndpoint } from '../../../drift/webhooks/config.ts';
import { parseSigningKeys } from '../../../drift/webhooks/signing-keys.ts';
import { WebhookSender } from '../../../drift/webhooks/webhook-sender.ts';
import { recordsOf } from '../../support/topic-contents.ts';
import { openTemporaryLog } from '../open-log.ts';
import { type Answer, openReceiver, type Received } from './receiver.ts';

const KEY = Buffer.alloc(32, 9);
const { driftDetected: DETECTED, retrainingRequested: REQUESTED, modelPromoted: PROMOTED } = CONTROL_TYPES;
let log: EventLog;
let clock: ManualClock;
let pauses: number[];

beforeEach(async () => {
  const temporary = await openTemporaryLog();
  onTestFinished(() => temporary.remove());
  ({ log, clock } = temporary);
  pauses = [];
});

/** Raises facts: each its id, and its type. */
async function raise(...facts: readonly (readonly [string, string])[]): Promise<void> {
  const records = facts.map(([id, type]) => ({
    topic: TOPICS.control,
    headers: envelopeHeaders({ id, source: '/throughline/drift', type, timeMs: Date.UTC(2011, 9, 10) }),
    value: JSON.stringify({ detectionId: id }),
  }));
  await log.commit({ records });
}

function endpointOf(url: string, endpoint: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  const keys = parseSigningKeys(`whsec_${KEY.toString('base64')}`);
  const times = { timeoutMs: 5000, giveUpAfterMs: 3 * 86_400_000 };
  return { name: 'trainer', url, types: undefined, keys, from: 'start', ...times, ...endpoint };
}

function senderOf(endpoints: readonly WebhookEndpoint[], over: EventLog = log): WebhookSender {
  const wait = async (ms: number): Promise<void> => {
    pauses.push(ms);
    clock.advance(ms);
    await nextTurn();
  };
  return new WebhookSender({ log: over, clock, endpoints, wait, random: () => 0 });
}

/** Runs a sender until something holds. */
async function runUntil(sender: WebhookSender, isReached: () => boolean): Promise<WebhookSender> {
  const abort = new AbortController();
  const running = sender.run(abort.signal);
  const watching = (async () => {
    while (!isReached()) await nextTurn();
    abort.abort();
  })();
  await Promise.race([running, watching]);
  abort.abort();
  await running;
  return sender;
}

const settled = (sender: WebhookSender, count: number) => (): boolean =>
  sender.status().every(({ delivered, failed }) => delivered + failed >= count);

/** Runs a sender until as many facts were taken or given up. */
async function runToEnd(endpoints: readonly WebhookEndpoint[], count: number): Promise<WebhookSender> {
  const sender = senderOf(endpoints);
  return runUntil(sender, settled(sender, count));
}

const idsOf = (requests: readonly Received[]): readonly string[] => requests.map(({ id }) => id);
const statuses =
  (...all: readonly number[]) =>
  (index: number): Answer => ({ status: all[index] ?? 204 });

describe('WebhookSender', () => {
  it('sends facts in order, as CloudEvents that their receiver can verify', async () => {
    const receiver = await openReceiver();
    await raise(['job/2011-10-10T00:00:00.000Z', DETECTED], ['ümlaut', REQUESTED]);
    await runToEnd([endpointOf(receiver.url)], 2);
    const [first, second] = receiver.requests;
    expect(JSON.parse(first?.body ?? '')).toEqual({
      specversion: '1.0',
      id: 'job/2011-10-10T00:00:00.000Z',
      source: '/throughline/drift',
      type: DETECTED,
      time: '2011-10-10T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { detectionId: 'job/2011-10-10T00:00:00.000Z' },
    });
    expect(first?.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': 'job/2011-10-10T00:00:00%2E000Z',
      'webhook-timestamp': String(clock.now() / 1000),
    });
    expect(decodeURIComponent(String(second?.headers['webhook-id']))).toBe('ümlaut');
    for (const { headers, body } of receiver.requests) {
      const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', KEY).update(content).digest('base64')}`);
    }
  });

  it('sends the types that are asked for, and nothing else of the topic', async () => {
    const receiver = await openReceiver();
    await raise(['a', DETECTED], ['b', PROMOTED], ['c', 'something.else'], ['d', REQUESTED], ['e', PROMOTED]);
    const sender = senderOf([endpointOf(receiver.url, { types: [DETECTED, REQUESTED] })]);
    await runUntil(sender, () => settled(sender, 2)() && sender.status()[0]?.waiting === 0);
    expect(idsOf(receiver.requests)).toEqual(['a', 'd']);
    expect(sender.status()).toEqual([{ name: 'trainer', delivered: 2, failed: 0, waiting: 0, problem: undefined }]);
  });

  it('begins with what is raised after a new endpoint was there, also when it was stopped before its first delivery', async () => {
    const receiver = await openReceiver();
    const endpoint = endpointOf(receiver.url, { from: 'end' });
    await raise(['before', DETECTED]);
    await runUntil(senderOf([endpoint]), () => true);
    await raise(['after', DETECTED]);
    await runToEnd([endpoint], 1);
    expect(idsOf(receiver.requests)).toEqual(['after']);
  });

  it('goes on after a restart with the first fact that was not acknowledged', async () => {
    const receiver = await openReceiver((index) => (index === 2 ? 'nothing' : { status: 200 }));
    const endpoint = endpointOf(receiver.url);
    await raise(['a', DETECTED], ['b', DETECTED], ['c', DETECTED], ['d', DETECTED]);
    const stopped = await runUntil(senderOf([endpoint]), () => receiver.requests.length >= 3);
    expect(stopped.status()[0]).toMatchObject({ delivered: 2, failed: 0, waiting: 2, problem: undefined });
    const sender = await runToEnd([endpoint], 4);
    expect(idsOf(receiver.requests)).toEqual(['a', 'b', 'c', 'c', 'd']);
    expect(sender.status()[0]?.delivered).toBe(4);
  });

  it('sends again, under the same id, what was acknowledged when it was killed before it was written down', async () => {
    const receiver = await openReceiver();
    await raise(['a', DETECTED], ['b', DETECTED], ['c', DETECTED]);
    const endpoint = endpointOf(receiver.url);
    // The first commit says where it begins, the third is that of b.
    await expect(senderOf([endpoint], dyingAt(3)).run(new AbortController().signal)).rejects.toThrow('killed');
    const sender = await runToEnd([endpoint], 3);
    expect(idsOf(receiver.requests)).toEqual(['a', 'b', 'b', 'c']);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    expect(sender.status()[0]?.delivered).toBe(3);
  });

  it('tries again after pauses that double, and lets nothing overtake', async () => {
    const receiver = await openReceiver(statuses(500, 503, 429, 204, 408));
    await raise(['a', DETECTED], ['b', DETECTED]);
    const sender = await runToEnd([endpointOf(receiver.url)], 2);
    expect(idsOf(receiver.requests)).toEqual(['a', 'a', 'a', 'a', 'b', 'b']);
    // Half of 1, 2 and 4 s, as random() is 0; then anew.
    expect(pauses).toEqual([500, 1000, 2000, 500]);
    expect(receiver.requests.map(({ headers }) => Number(headers['webhook-timestamp']) - clock.now() / 1000)).toEqual(
      [-4, -3.5, -2.5, -0.5, -0.5, 0].map(Math.floor),
    );
    expect(sender.status()[0]).toMatchObject({ delivered: 2, failed: 0, problem: undefined });
  });

  it('waits as long as it is asked to', async () => {
    const until = new Date(clock.now() + 7000 + 60_000).toUTCString();
    const answers: readonly Answer[] = [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 503, headers: { 'retry-after': until } },
      { status: 503, headers: { 'retry-after': 'soon' } },
    ];
    const receiver = await openReceiver((index) => answers[index] ?? { status: 200 });
    await raise(['a', DETECTED]);
    await runToEnd([endpointOf(receiver.url)], 1);
    const total = pauses.reduce((sum, ms) => sum + ms, 0);
    expect([total, pauses[0], pauses.at(-1)]).toEqual([7000 + 60_000 + 2000, 7000, 2000]);
  });

  it('tells why it waits for an endpoint that gives no answer, redirects, or is not there', async () => {
    const receiver = await openReceiver((index) =>
      index === 0 ? 'nothing' : { status: 308, headers: { location: '/elsewhere' } },
    );
    await raise(['a', DETECTED]);
    const sender = senderOf([
      endpointOf(receiver.url, { name: 'slow', timeoutMs: 40 }),
      endpointOf('http://127.0.0.1:9/', { name: 'away' }),
    ]);
    const problems = new Set<string>();
    await runUntil(sender, () => {
      for (const { problem } of sender.status()) if (problem !== undefined) problems.add(problem);
      return problems.size >= 3;
    });
    expect([...problems].toSorted((a, b) => a.localeCompare(b))).toEqual([
      expect.stringMatching(/^webhook away cannot be reached: .+; facts wait in the log, and a is sent again$/u),
      'webhook slow answers with a redirect (308): write its new address; facts wait in the log, and a is sent again',
      'webhook slow gave no answer within 40 ms; facts wait in the log, and a is sent again',
    ]);
    expect(sender.status().map(({ delivered, waiting }) => [delivered, waiting])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('keeps what is refused for good, tells it, and goes on', async () => {
    const receiver = await openReceiver(statuses(204, 422, 204));
    await raise(['a', DETECTED], ['b', REQUESTED], ['c', DETECTED]);
    await log.commit({
      records: [
        { topic: TOPICS.control, headers: envelopeHeaders({ id: 'd', source: '/x', type: DETECTED, timeMs: 0 }), value: '{' },
      ],
    });
    const sender = await runToEnd([endpointOf(receiver.url)], 4);
    expect(idsOf(receiver.requests)).toEqual(['a', 'b', 'c']);
    expect(sender.status()[0]).toMatchObject({
      delivered: 2,
      failed: 2,
      problem: expect.stringMatching(
        /^webhook trainer cannot be sent what is not JSON .* to d: it is given up, and kept on throughline\.undelivered$/u,
      ),
    });
    const kept = await recordsOf(log, TOPICS.undelivered);
    expect(
      kept.map(({ headers }) => [headers['ce_id'], headers['tl_webhook'], headers['tl_reason'], headers['tl_offset']]),
    ).toEqual([
      ['b', 'trainer', 'answered 422', '1'],
      ['d', 'trainer', expect.stringMatching(/not JSON/u), '3'],
    ]);
    expect(JSON.parse(new TextDecoder().decode(kept[0]?.value))).toEqual({ detectionId: 'b' });
  });

  it('gives up after the time that was set, and goes on with the next', async () => {
    const receiver = await openReceiver((_index, { id }) => ({ status: id === 'a' ? 500 : 204 }));
    await raise(['a', DETECTED], ['b', DETECTED]);
    const sender = await runToEnd([endpointOf(receiver.url, { giveUpAfterMs: 60_000 })], 2);
    expect(sender.status()[0]).toMatchObject({ delivered: 1, failed: 1 });
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(60_000);
    expect(receiver.requests.length).toBeGreaterThan(5);
    expect((await recordsOf(log, TOPICS.undelivered)).map(({ headers }) => headers['ce_id'])).toEqual(['a']);
  });

  it('sends nothing more to what is gone, until it has another address', async () => {
    const receiver = await openReceiver(statuses(204, 410));
    await raise(['a', DETECTED], ['b', DETECTED], ['c', DETECTED]);
    const endpoint = endpointOf(receiver.url);
    const isGone = (sender: WebhookSender) => (): boolean => /410 Gone/u.test(sender.status()[0]?.problem ?? '');
    const first = senderOf([endpoint]);
    await runUntil(first, isGone(first));
    expect(first.status()[0]).toMatchObject({ delivered: 1, failed: 0, waiting: 2 });
    const again = senderOf([endpoint]);
    await runUntil(again, isGone(again));
    expect(idsOf(receiver.requests)).toEqual(['a', 'b']);
    const moved = await openReceiver();
    const sender = await runToEnd([{ ...endpoint, url: moved.url }], 3);
    expect(idsOf(moved.requests)).toEqual(['b', 'c']);
    expect(sender.status()[0]?.problem).toBeUndefined();
  });

  it('holds up no other endpoint', async () => {
    const [well, ill] = [await openReceiver(), await openReceiver(() => ({ status: 500 }))];
    await raise(['a', DETECTED], ['b', DETECTED]);
    const sender = senderOf([endpointOf(ill.url, { name: 'ill' }), endpointOf(well.url, { name: 'well' })]);
    await runUntil(sender, () => well.requests.length >= 2 && ill.requests.length >= 2);
    expect(idsOf(well.requests)).toEqual(['a', 'b']);
    expect(new Set(idsOf(ill.requests))).toEqual(new Set(['a']));
  });

  it('ends at once without endpoints', async () => {
    const sender = senderOf([]);
    await sender.run(new AbortController().signal);
    expect(sender.status()).toEqual([]);
  });
});

/** The log, killed with the nth commit. */
function dyingAt(at: number): EventLog {
  let commits = 0;
  const commit = async (request: Commit) => {
    if (++commits >= at) throw new Error('killed');
    return log.commit(request);
  };
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
