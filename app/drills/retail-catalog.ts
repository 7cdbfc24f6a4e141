import type { DrillCatalog } from '#runbooks';

/** What of the bundled workspace faults may happen to: choices that leave the rest of it as it is. */
export const RETAIL_CATALOG: DrillCatalog = {
  sources: ['/shop/united-kingdom', '/shop/germany', '/shop/eire', '/shop/france'],
  partitions: 4,
  breakable: [
    { subject: 'basket.updated', field: 'unitPrice', renamed: 'price' },
    { subject: 'basket.updated', field: 'quantity', renamed: 'qty' },
  ],
  scalable: [
    { subject: 'basket.updated', field: 'unitPrice', factors: [0.01, 100, 1000], sources: 4 },
    { subject: 'basket.updated', field: 'quantity', factors: [10, 12, 100], sources: 4 },
    { subject: 'purchase.completed', field: 'amount', factors: [0.01, 100], sources: 1 },
  ],
  stoppable: [
    { view: 'basket_lines', subject: 'basket.updated' },
    { view: 'cancellations', subject: 'purchase.cancelled' },
  ],
  losable: ['basket_lines', 'purchase_history'],
  segments: [
    'latest_purchase.amount',
    'latest_purchase.lines',
    'purchase_history.amount_60d',
    'basket_lines.quantity_mean_60d',
    'basket_lines.unit_price_mean_60d',
  ],
  bystanders: ['checkout-ui', 'warehouse-sync', 'newsletter', 'loyalty-cards', 'price-labels', 'payroll', 'image-resizer'],
};
