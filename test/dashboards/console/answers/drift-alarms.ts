import type { DriftAlarmView, FindingView } from '#core';
import { JOB, weekEnd, windowOf } from './drift-weeks.ts';

interface AlarmSketch {
  readonly target: string;
  readonly method: DriftAlarmView['method'];
  readonly index: number;
  readonly value: number;
  readonly threshold: number;
  readonly summary: string;
  readonly lastIndex?: number;
  readonly followed?: readonly [requestId: string, version: number | null, outcome: string];
}

function alarm({ index, lastIndex, followed, ...rest }: AlarmSketch): DriftAlarmView {
  const [requestId = null, version = null, outcome = null] = followed ?? [];
  return {
    job: JOB,
    ...rest,
    window: windowOf(index),
    endedAt: lastIndex === undefined ? null : weekEnd(lastIndex),
    requestId,
    version,
    outcome,
  };
}

const FOLLOWED_V2 = ['repurchase/2011-02-21', 2, 'promoted'] as const;
const FOLLOWED_V10 = ['repurchase/2011-11-28', 10, 'in_shadow'] as const;

export const ALARMS: readonly DriftAlarmView[] = [
  alarm({
    target: 'score',
    method: 'ks',
    index: 43,
    value: 0.19,
    threshold: 0.15,
    summary: 'score: KS 0.19 (p 3e-7) over 0.15 in 2 windows in a row.',
    followed: FOLLOWED_V10,
  }),
  alarm({
    target: 'latest_purchase.units',
    method: 'psi',
    index: 43,
    value: 0.274,
    threshold: 0.2,
    summary: 'latest_purchase.units: PSI 0.274 over 0.2 in 2 windows in a row.',
    followed: FOLLOWED_V10,
  }),
  alarm({
    target: 'basket_lines.unit_price_mean_60d',
    method: 'psi',
    index: 37,
    value: 0.66,
    threshold: 0.2,
    lastIndex: 38,
    summary: 'basket_lines.unit_price_mean_60d: PSI 0.66 over 0.2 in 2 windows in a row; an open finding explains it.',
  }),
  alarm({
    target: 'outcome',
    method: 'log_loss',
    index: 36,
    value: 0.604,
    threshold: 0.03,
    lastIndex: 41,
    summary: 'Log loss 0.604 over the last 28 days, 0.056 over the 0.548 that was held out; the limit is 0.030.',
    followed: ['repurchase/2011-10-10', 8, 'promoted'],
  }),
  alarm({
    target: 'purchase_history.days_since_purchase',
    method: 'psi',
    index: 1,
    value: 1.77,
    threshold: 0.2,
    lastIndex: 6,
    summary: 'purchase_history.days_since_purchase: PSI 1.77 over 0.2 in 2 windows in a row.',
    followed: FOLLOWED_V2,
  }),
  alarm({
    target: 'purchase_history.purchases_60d',
    method: 'psi',
    index: 1,
    value: 0.44,
    threshold: 0.2,
    lastIndex: 5,
    summary: 'purchase_history.purchases_60d: PSI 0.44 over 0.2 in 2 windows in a row.',
    followed: FOLLOWED_V2,
  }),
];

export const FINDINGS: readonly FindingView[] = [
  {
    findingId: 'repurchase/basket.updated//quantity//shop/eire/2011-11-21T00:00:00Z',
    at: '2011-11-21T00:00:00.000Z',
    subject: 'basket.updated',
    contractVersion: 2,
    field: '/quantity',
    source: '/shop/eire',
    owner: 'shop-platform',
    before: { window: windowOf(41), values: 3_104, p05: 1, p50: 6, p95: 48 },
    after: { window: windowOf(42), values: 288, p05: 12, p50: 72, p95: 576 },
    ratio: 12,
    features: ['latest_purchase.units', 'basket_lines.quantity_mean_60d'],
    summary:
      '/quantity of basket.updated from /shop/eire has a median of 72 where it had 6: ×12, with its 5 % and 95 % quantiles.',
    restoredAt: null,
  },
  {
    findingId: 'repurchase/basket.updated//unitPrice//shop/united-kingdom/2011-10-10T00:00:00Z',
    at: '2011-10-10T00:00:00.000Z',
    subject: 'basket.updated',
    contractVersion: 1,
    field: '/unitPrice',
    source: '/shop/united-kingdom',
    owner: 'shop-platform',
    before: { window: { from: weekEnd(28), to: weekEnd(35) }, values: 91_422, p05: 0.42, p50: 2.08, p95: 8.5 },
    after: { window: windowOf(36), values: 12_981, p05: 42, p50: 208, p95: 850 },
    ratio: 100,
    features: ['latest_purchase.amount', 'basket_lines.unit_price_mean_60d', 'basket_lines.unit_price_max_60d'],
    summary:
      '/unitPrice of basket.updated from /shop/united-kingdom has a median of 208 where it had 2.08: ×100, with its 5 % and 95 % quantiles.',
    restoredAt: '2011-10-31T00:00:00.000Z',
  },
];
