import type { EventAnswer, FindAnswer, JourneyPage, Receipt } from '#core';
import { entity, fraction, hex, identity, minutesBefore, PIPELINE, quarantined, scored, spans } from './parts.ts';

const TIME = '2011-12-09T12:41:00.000Z';

function receipt(id: string, more: Partial<Receipt>): Receipt {
  return {
    kind: 'receipt',
    fate: 'used_by_features',
    event: identity(id, TIME),
    pipeline: { name: PIPELINE, owner: 'growth-analytics' },
    position: { topic: 'shop.events', partition: 0, offset: 140_901 },
    appendedAt: '2026-11-24T21:59:31.020Z',
    replay: true,
    traceId: hex(id, 32),
    entity: entity('17850'),
    contract: { subject: 'basket.updated', version: 1, owner: 'shop-platform' },
    views: [],
    reason: null,
    detail: null,
    duplicateOf: null,
    usedBy: [],
    usedByMore: false,
    spans: [],
    raw: {
      status: 'shown',
      headers: { ce_specversion: '1.0', ce_type: 'basket.updated', ce_source: '/shop/united-kingdom', ce_id: id, ce_time: TIME },
      key: '•••',
      data: {
        invoice: id.split(':')[0],
        line: 4,
        stockCode: '85123A',
        description: 'WHITE HANGING HEART T-LIGHT HOLDER',
        quantity: -6,
        unitPrice: 2.55,
        customerId: '•••',
        country: 'United Kingdom',
      },
      masked: ['/customerId'],
      note: 'The event does not fit its contract, so every text in it that may name a person is masked.',
    },
    ...more,
  };
}

function usedBy(count: number): Receipt['usedBy'] {
  return Array.from({ length: count }, (_none, index) => {
    const id = `${581_484 + index}:completed`;
    const score = index === 0 ? null : Math.round(fraction(id) * 1_000) / 1_000;
    return {
      event: identity(id, minutesBefore(900 - index * 60)),
      score,
      decision: score === null ? null : 'none',
      label: labelOf(index),
    };
  });
}

function labelOf(index: number): 0 | 1 | null {
  if (index === 1) return 1;
  return index === 2 ? 0 : null;
}

/** Receipts by id; each shows one fate. */
const RECEIPTS: Readonly<Record<string, Partial<Receipt>>> = {
  '581585:4': {
    fate: 'quarantined',
    reason: 'contract: /quantity minimum',
    detail: 'basket.updated v1 refuses /quantity: -6 is less than the minimum 1.',
    spans: spans(hex('581585:4', 32), '2026-11-24T21:59:31.020Z', [
      {
        name: 'process shop.events',
        startUs: 0,
        durationUs: 9_200,
        status: 'Error',
        attributes: { 'evai.event.id': '581585:4', 'evai.fate': 'quarantined' },
      },
      {
        name: 'contract basket.updated v1',
        parent: 'process shop.events',
        startUs: 8_700,
        durationUs: 412,
        status: 'Error',
        attributes: { 'error.type': 'contract' },
      },
    ]),
  },
  '581483:1': { views: ['basket_lines'], usedBy: usedBy(5), usedByMore: true },
  '581400:2': { views: ['basket_lines'] },
  '581401:3': {
    fate: 'without_entity',
    entity: null,
    raw: { status: 'not_shown', reason: 'The log has removed it: retention of shop.events is 400 days.' },
  },
  '581402:1': { fate: 'duplicate', duplicateOf: 140_860, contract: null, appendedAt: null },
  '581403:1': {
    fate: 'late',
    contract: null,
    reason: 'behind the de-duplication window',
    detail: 'It came 26 hours behind the watermark; the window is one day.',
  },
  'C581404:cancelled': { fate: 'accepted' },
  'odd/%25 id?#&=1': { fate: 'used_by_features', views: ['basket_lines'] },
};

export function findReceipt(id: string): EventAnswer | undefined {
  const sketch = RECEIPTS[id] ?? (/^\d{6}:4$/u.test(id) ? RECEIPTS['581585:4'] : undefined);
  return sketch === undefined ? undefined : { found: receipt(id, sketch), otherSources: [], deliveries: [] };
}

const PAGE = 50;

/** A page of what was asked for: enough of the filters to see that the console sends them. */
export function journeyPage(search: URLSearchParams): JourneyPage {
  if (search.get('decision') === 'nothing-like-it') return { items: [], next: null };
  const page = Number(search.get('cursor') ?? '0');
  const items = Array.from({ length: PAGE }, (_none, index) => {
    const number = 581_587 - page * PAGE - index;
    const time = minutesBefore((page * PAGE + index) * 7);
    if (search.get('fate') === 'quarantined')
      return quarantined(`${number}:4`, time, search.get('reason') ?? 'contract: /stockCode pattern');
    const label = labelOf(index % 4);
    const isBreach = search.get('breached') === 'true' || index === 6;
    const row = scored(`${number}:completed`, time, { label, isBreach, ...(isBreach ? { endToEndUs: 512_044 } : {}) });
    return search.has('entity') ? { ...row, entity: entity('17850') } : row;
  });
  return { items, next: page >= 2 ? null : String(page + 1) };
}

const MATCHES: Readonly<Record<string, FindAnswer['matches']>> = {
  '581483:completed': [
    {
      kind: 'event',
      href: '/events/581483%3Acompleted?source=%2Fshop%2Funited-kingdom',
      title: '581483:completed',
      detail: 'purchase.completed, scored, 26 Nov 2011',
    },
  ],
  '17850': [{ kind: 'entity', href: `/search?entity=${hex('17850', 16)}`, title: '17850', detail: 'customerId; 34 predictions' }],
  '581483': [
    {
      kind: 'event',
      href: '/events/581483%3Acompleted?source=%2Fshop%2Funited-kingdom',
      title: '581483:completed',
      detail: 'purchase.completed, scored',
    },
    {
      kind: 'event',
      href: '/events/581483%3A1?source=%2Fshop%2Funited-kingdom',
      title: '581483:1',
      detail: 'basket.updated, used by features',
    },
    { kind: 'trace', href: `/traces/${hex('581483:completed', 32)}`, title: hex('581483:completed', 32), detail: '10 spans' },
  ],
};

export function find(query: string): FindAnswer {
  const matches = MATCHES[query] ?? [];
  const hint =
    matches.length > 0 ? null : `No event, customer or trace is called ${query}. An event id looks like 536365:completed.`;
  // What turns out to be personal data is not said back.
  return { query: query === '17850' ? '•••' : query, matches, hint };
}
