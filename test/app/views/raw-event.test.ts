import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelopeHeaders, HEADERS, type LogRecord } from '#core';
import { validateData } from '#registry';
import { MASK } from '../../../app/views/mask.ts';
import { type RawView, readRawEvent } from '../../../app/views/raw-event.ts';
import { receiptOf } from '../../../app/views/receipt-view.ts';
import { WorkspaceIndex } from '../../../app/views/workspace-index.ts';
import { SHOP_WORKSPACE } from '../../support/shop-workspace.ts';

const index = new WorkspaceIndex(SHOP_WORKSPACE);
const TIME_MS = Date.UTC(2026, 0, 1);

interface Made {
  readonly type?: string;
  readonly value: string | Uint8Array;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function logWith({ type = 'bought', value, key, headers = {} }: Made): { read: () => AsyncGenerator<LogRecord> } {
  const record: LogRecord = {
    topic: 'shop.events',
    partition: 1,
    offset: 5,
    timestampMs: TIME_MS,
    key,
    headers: { ...envelopeHeaders({ id: 'e1', source: '/shop', type, timeMs: TIME_MS }), ...headers },
    value: typeof value === 'string' ? new TextEncoder().encode(value) : value,
  };
  return {
    read: async function* () {
      yield record;
    },
  };
}

const at = { topic: 'shop.events', partition: 1, offset: 5 };
const readBack = (made: Made): Promise<RawView> => readRawEvent(logWith(made), at, index);

describe('an event read back from the log', () => {
  test('is shown with its envelope, and what is tagged hidden: in data, key and headers', async () => {
    const headers = { ce_subject: 'ann.miller', ce_route: 'shop/ann.miller/1' };
    const { raw, appendedMs } = await readBack({ value: '{"customer":"ann.miller","amount":5}', key: 'ann.miller', headers });
    expect(appendedMs).toBe(TIME_MS);
    expect(raw).toMatchObject({
      status: 'shown',
      key: MASK,
      data: { customer: MASK, amount: 5 },
      masked: ['/customer'],
      note: null,
      headers: { ce_id: 'e1', ce_time: '2026-01-01T00:00:00.000Z', ce_subject: MASK, ce_route: `shop/${MASK}/1` },
    });
  });

  test('of structured mode is masked inside its data', async () => {
    const value = JSON.stringify({
      id: 'e1',
      type: 'bought',
      subject: 'ann.miller',
      ext: { name: 'x' },
      data: { customer: 'ann.miller', amount: 5 },
    });
    const { raw } = await readBack({ value, headers: { [HEADERS.contentType]: 'application/cloudevents+json; charset=utf-8' } });
    expect(raw).toMatchObject({
      data: { id: 'e1', type: 'bought', subject: MASK, ext: MASK, data: { customer: MASK, amount: 5 } },
      masked: ['/data/customer'],
    });
  });

  test('without a contract shows names and no value, and says why', async () => {
    const { raw } = await readBack({ type: 'nobody.knows', value: '{"who":"ann","n":5}', key: 'ann' });
    expect(raw).toMatchObject({
      data: { who: MASK, n: MASK },
      key: MASK,
      note: 'no contract is known for this event, so that every value of its data is masked',
    });
  });

  test.each([
    ['that is not JSON', 'hello ann'],
    ['that is not UTF-8', Uint8Array.of(0xff, 0xfe)],
  ])('%s is not shown at all', async (_what, value) => {
    const { raw } = await readBack({ value, key: 'ann' });
    expect(raw).toEqual({ status: 'not_shown', reason: expect.stringMatching(/not JSON.*nothing of it is shown/u) });
  });

  test('that retention has removed is told so', async () => {
    const { raw, appendedMs } = await readRawEvent({ read: async function* () {} }, at, index);
    expect({ raw, appendedMs }).toEqual({
      raw: { status: 'not_shown', reason: expect.stringMatching(/offset 5 of shop\.events\/1: retention has removed it/u) },
      appendedMs: undefined,
    });
  });
});

describe('a receipt', () => {
  const receipt = {
    pipeline: 'shop',
    position: at,
    fate: 'quarantined',
    event: { source: '/shop', id: 'e1', type: 'bought', timeMs: TIME_MS },
    entity: '',
    contract: { subject: 'bought', version: 1 },
    traceId: '0'.repeat(32),
    replay: false,
    views: [],
    duplicateOf: undefined,
  } as const;
  const context = { index, entities: { isPseudonym: true, entityOf: (text: string) => text } };

  test('shows no tagged value anywhere, its sentences included', async () => {
    const secret = fc.oneof(
      fc.uuid(),
      fc.emailAddress().filter((text) => text.length >= 6),
    );
    await fc.assert(
      fc.asyncProperty(secret, secret, fc.boolean(), async (customer, extra, isWrong) => {
        const data = { customer: isWrong ? [customer] : customer, amount: -5, custmer: extra };
        const raw = await readBack({ value: JSON.stringify(data), key: customer, headers: { ce_subject: extra } });
        const verdict = validateData(index.contract('bought') ?? expect.fail(), data);
        const detail = verdict.ok ? '' : `${verdict.message}; it came from ${customer}`;
        const answer = receiptOf(
          { receipt: { ...receipt, reason: 'contract: x', detail }, uses: { uses: [], hasMore: false }, spans: [], raw },
          context,
        );
        const text = JSON.stringify(answer);
        expect(
          [customer, extra].filter((value) => text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1))),
        ).toEqual([]);
      }),
    );
  });

  test.each([
    ['decode: not JSON', 'the value is not JSON: Unexpected token h in "hello ann"'],
    ['exception: decide', 'cannot read ann'],
  ])('does not repeat a sentence that may quote the event: %s', async (reason, detail) => {
    const raw = await readBack({ value: 'hello ann' });
    const { detail: shown } = receiptOf(
      { receipt: { ...receipt, reason, detail }, uses: { uses: [], hasMore: false }, spans: [], raw },
      context,
    );
    expect(shown).not.toContain('ann');
  });
});

describe('the events that may have used an event', () => {
  const DAY_MS = 86_400_000;

  test.each([
    ['looks', Date.UTC(2026, 0, 10, 15), Date.UTC(2026, 0, 10), Date.UTC(2026, 0, 15)],
    ['buys', Date.UTC(2026, 0, 10), Date.UTC(2026, 0, 10), Date.UTC(2026, 0, 15)],
    ['gone', 7, 7, 7],
  ])('of view %s at %i are those of its windows’ panes', (view, timeMs, fromMs, toMs) => {
    expect(index.usesOf([view], timeMs)).toEqual({ fromMs, toMs });
    expect(index.usesOf([], timeMs)).toEqual({ fromMs: timeMs, toMs: timeMs });
    expect(toMs - fromMs).toBeLessThanOrEqual(5 * DAY_MS);
  });
});
