import { describe, expect, test } from 'vitest';
import { type Change, EventAnswer, FindAnswer, JourneyPage, PipelineList, TABLES, Timeline, traceIdOf } from '#core';
import { DAY_MS, type ShopEvent } from '../../support/shop-pipeline.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { type ApiServer, pseudonym, START_MS, serveShop } from './api-server.ts';

const telemetry = telemetryForFile();

const CUSTOMER = 'ann.miller@example.com';
const EVENTS: readonly ShopEvent[] = [
  { id: 'look-1', type: 'looked', customer: CUSTOMER, timeMs: START_MS },
  { id: 'buy-1', type: 'bought', customer: CUSTOMER, amount: 5, timeMs: START_MS + 60_000 },
  { id: 'buy-2', type: 'bought', customer: CUSTOMER, amount: 7, timeMs: START_MS + DAY_MS },
  { id: 'bad-1', type: 'bought', customer: CUSTOMER, amount: -5, timeMs: START_MS + DAY_MS },
  { id: 'buy-1', type: 'bought', customer: CUSTOMER, amount: 5, timeMs: START_MS + 60_000 },
];

async function playedShop(): Promise<ApiServer> {
  const api = await serveShop(telemetry.database());
  await api.play(EVENTS);
  return api;
}

describe('an event by its id', () => {
  test('that was scored is its whole journey', async () => {
    const api = await playedShop();
    const answer = await api.get<EventAnswer>('/api/events/buy-1', EventAnswer);
    expect(answer.found).toMatchObject({
      kind: 'journey',
      fate: 'scored',
      event: { source: '/shop', id: 'buy-1', type: 'bought', time: '2011-01-01T00:01:00.000Z' },
      pipeline: { name: 'shop', owner: 'growth-team' },
      traceId: traceIdOf({ source: '/shop', id: 'buy-1' }),
      entity: { value: pseudonym(CUSTOMER), isPseudonym: true, property: 'customer' },
      contract: { subject: 'bought', version: 1, owner: 'shop-team' },
      features: [
        { name: 'buys.count_5d', view: 'buys', status: 'not_found', value: null, isInput: true },
        { name: 'buys.amount_5d', view: 'buys', status: 'not_found', value: null, isInput: true },
        {
          name: 'looks.count_5d',
          view: 'looks',
          status: 'present',
          value: 1,
          ageSeconds: 60,
          eventTime: '2011-01-01T00:00:00.000Z',
          isInput: false,
        },
      ],
      prediction: {
        model: { name: 'again', version: 1, role: 'live' },
        threshold: 0.5,
        below: 'write',
        topic: 'shop.predictions',
      },
      outcome: {
        status: 'known',
        label: 1,
        settledBy: { source: '/shop', id: 'buy-2' },
        feedbackSeconds: 86_340,
        horizonEnds: '2011-01-04T00:01:00.000Z',
      },
      raw: { status: 'shown', data: { customer: '•••', amount: 5 }, masked: ['/customer'], key: '•••' },
    });
    expect(answer.deliveries).toEqual([{ fate: 'duplicate', position: expect.objectContaining({ topic: 'shop.events' }) }]);
    expect(JSON.stringify(answer)).not.toContain(CUSTOMER);
  });

  test('is told without its spans where they cannot be read', async () => {
    const traces = { read: async () => Promise.reject(new Error('too slow')), receive: () => expect.fail('nothing is sent') };
    const api = await serveShop(telemetry.database(), { traces });
    await api.play(EVENTS);
    const { found } = await api.get<EventAnswer>('/api/events/buy-1', EventAnswer);
    expect(found).toMatchObject({ kind: 'journey', spans: [] });
  });

  test('has a latency whose stages add up to the whole', async () => {
    const api = await playedShop();
    const { found } = await api.get<EventAnswer>('/api/events/buy-2', EventAnswer);
    const { latency } = found.kind === 'journey' ? found : expect.fail('no journey');
    expect(latency.stages.map(({ stage }) => stage)).toEqual([
      'broker_wait',
      'batch_wait',
      'contract',
      'feature_read',
      'model_queue',
      'model_compute',
      'decide',
      'publish',
      'unattributed',
    ]);
    expect(latency.stages.reduce((sum, { us }) => sum + us, 0)).toBe(latency.endToEndUs);
    expect(latency).toMatchObject({ isSkewed: false, budget: { meanMs: 20, p95Ms: 100, p99Ms: 200 } });
  });

  test('that a feature view took tells who used it', async () => {
    const api = await playedShop();
    const { found } = await api.get<EventAnswer>('/api/events/look-1', EventAnswer);
    expect(found).toMatchObject({
      kind: 'receipt',
      fate: 'used_by_features',
      views: ['looks'],
      entity: { value: pseudonym(CUSTOMER), property: 'customer' },
      usedBy: [{ event: { id: 'buy-1' }, label: 1 }, { event: { id: 'buy-2' } }],
      usedByMore: false,
    });
  });

  test('that was refused tells why, and nothing of the customer', async () => {
    const api = await playedShop();
    const answer = await api.get<EventAnswer>('/api/events/bad-1?source=%2Fshop', EventAnswer);
    expect(answer.found).toMatchObject({
      fate: 'quarantined',
      reason: 'contract: bought /amount exclusiveMinimum',
      detail: 'data/amount is -5 but must be > 0',
      raw: { data: { amount: -5, customer: '•••' } },
    });
    expect(JSON.stringify(answer)).not.toContain(CUSTOMER);
  });

  const UNKNOWN = [
    ['/api/events/nobody', /no record of an event with the id nobody is stored; every record that the outbox holds is stored/u],
    ['/api/events/buy-1?source=%2Felsewhere', /no event buy-1 from \/elsewhere, but one from \/shop: ask with that source/u],
  ] as const;

  test('that is not there says what was looked for', async () => {
    const api = await playedShop();
    for (const [url, message] of UNKNOWN) {
      expect(await api.problem(url), url).toEqual({
        status: 404,
        code: 'APP_EVENT_UNKNOWN',
        message: expect.stringMatching(message),
      });
    }
  });

  test('that is not there yet tells how many records are on their way', async () => {
    const database = telemetry.database();
    const status = { status: 'ok', engine: 'x', lagRecords: 7, problem: null } as const;
    const api = await serveShop(database, { telemetry: { database: () => database, status: () => status } });
    expect((await api.problem('/api/events/nobody')).message).toContain('7 records are still on their way');
  });
});

describe('a search', () => {
  const idsOf = async (api: ApiServer, query: string): Promise<readonly string[]> =>
    (await api.get<JourneyPage>(`/api/journeys?${query}`, JourneyPage)).items.map(({ event }) => event.id);

  const FILTERS: readonly (readonly [query: string, ids: readonly string[]])[] = [
    ['fate=scored', ['buy-2', 'buy-1']],
    ['order=oldest&limit=2', ['look-1', 'buy-1']],
    [`entity=${encodeURIComponent(CUSTOMER)}&fate=scored`, ['buy-2', 'buy-1']],
    [`entity=${pseudonym(CUSTOMER)}&fate=used_by_features`, ['look-1']],
    ['entity=nobody', []],
    ['label=1', ['buy-1']],
    ['reason=contract%3A%20bought%20%2Famount%20exclusiveMinimum', ['bad-1']],
    [`traceId=${traceIdOf({ source: '/shop', id: 'look-1' })}`, ['look-1']],
    ['from=2011-01-01T00:00:30Z&to=2011-01-01T12:00:00Z&fate=scored', ['buy-1']],
    ['breached=true', []],
  ];

  test('answers each filter with the events that fit', async () => {
    const api = await playedShop();
    for (const [query, ids] of FILTERS) expect(await idsOf(api, query), query).toEqual(ids);
  });

  test('goes on where the page before ended, and not with another search’s cursor', async () => {
    const api = await playedShop();
    const first = await api.get<JourneyPage>('/api/journeys?fate=scored&limit=1', JourneyPage);
    expect(first.items.map(({ event }) => event.id)).toEqual(['buy-2']);
    expect(await idsOf(api, `fate=scored&limit=1&cursor=${first.next}`)).toEqual(['buy-1']);
    expect(await api.problem(`/api/journeys?limit=1&cursor=${first.next}`)).toEqual({
      status: 400,
      code: 'APP_REQUEST_INVALID',
      message:
        '/api/journeys: the cursor cannot be used: it belongs to a search with other filters or another order; begin again without it',
    });
    expect((await api.problem('/api/journeys?pipeline=shopp')).message).toBe('the workspace has no pipeline shopp; it has shop');
  });
});

describe('the one box', () => {
  test('finds an event, a trace and a customer, and does not say the customer back', async () => {
    const api = await playedShop();
    const find = (text: string): Promise<FindAnswer> => api.get(`/api/find?q=${encodeURIComponent(text)}`, FindAnswer);
    expect((await find('look-1')).matches).toEqual([
      {
        kind: 'event',
        href: '/events/look-1?source=%2Fshop',
        title: 'look-1',
        detail: 'looked, used by features, 2011-01-01 00:00 UTC, from /shop',
      },
    ]);
    const trace = traceIdOf({ source: '/shop', id: 'buy-2' });
    expect((await find(trace)).matches).toMatchObject([{ kind: 'trace', href: `/traces/${trace}` }]);
    const customer = await find(CUSTOMER);
    expect(customer.matches).toMatchObject([{ kind: 'entity', href: `/search?entity=${pseudonym(CUSTOMER)}` }]);
    expect(JSON.stringify(customer)).not.toContain(CUSTOMER);
    expect(await find('nobody')).toEqual({ query: 'nobody', matches: [], hint: expect.stringContaining('letter for letter') });
  });
});

describe('the overview', () => {
  test('holds each pipeline against its budget', async () => {
    const api = await playedShop();
    const { pipelines } = await api.get<PipelineList>('/api/pipelines?windowMinutes=1440', PipelineList);
    expect(pipelines).toMatchObject([
      {
        name: 'shop',
        owner: 'growth-team',
        latency: { windowSeconds: 86_400, decisions: 2, backlogDecisions: 0, skewed: 0, breaches: 0, budget: { p99Ms: 200 } },
        throughput: { declaredPerSecond: 50, burstFactor: 3 },
        lagEvents: 0,
        reasons: [{ reason: 'contract: bought /amount exclusiveMinimum', events: 1 }],
        outcomes: { positive: 1, negative: 0, open: 1 },
      },
    ]);
    const [pipeline] = pipelines;
    expect(pipeline?.fates.map(({ fate, events }) => [fate, events])).toEqual([
      ['scored', 2],
      ['used_by_features', 1],
      ['quarantined', 1],
      ['duplicate', 1],
    ]);
    expect(pipeline?.throughput.minutes.reduce((sum, { events }) => sum + events, 0)).toBe(5);
  });

  test('has the history by day, with quality and changes', async () => {
    const api = await playedShop();
    const change = [
      api.shop.clock.now(),
      'c1',
      'model_promoted',
      'again',
      '2011-01-01 00:00:00.000',
      '2026-01-01 00:00:00.000',
      'test',
      'again 1 decides',
      '{}',
    ];
    await telemetry.database().insert({
      table: TABLES.changes,
      columns: ['ingested_ms', 'change_id', 'kind', 'subject', 'at', 'recorded', 'actor', 'summary', 'fact'],
      lines: [Buffer.from(JSON.stringify(change))],
      rowCount: 1,
      token: 'change',
    });
    const timeline = await api.get<Timeline>('/api/timeline', Timeline);
    expect(timeline.days).toEqual([
      { day: '2011-01-01', events: 3, scored: 1, collecting: 0, quarantined: 0 },
      { day: '2011-01-02', events: 2, scored: 1, collecting: 0, quarantined: 1 },
    ]);
    expect(timeline.months).toMatchObject([{ month: '2011-01', scored: 2, versions: [1] }]);
    expect(timeline.changes satisfies Change[]).toEqual([
      {
        at: '2011-01-01T00:00:00.000Z',
        recordedAt: '2026-01-01T00:00:00.000Z',
        kind: 'model_promoted',
        subject: 'again',
        summary: 'again 1 decides',
        actor: 'test',
      },
    ]);
  });
});
