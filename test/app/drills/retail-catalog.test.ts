import { describe, expect, it } from 'vitest';
import { validateData } from '#registry';
import { loadWorkspace } from '../../../app/config/index.ts';
import { bundledWorkspace } from '../../../app/drills/drill-workspace.ts';
import { RETAIL_CATALOG } from '../../../app/drills/retail-catalog.ts';

const workspace = await loadWorkspace(bundledWorkspace());
const fieldsOf = (subject: string) => workspace.contracts.get(subject).fields;
const required = (subject: string): unknown => workspace.contracts.get(subject).schema['required'];

const BASKET = {
  invoice: '536365',
  line: 1,
  stockCode: '85123A',
  description: 'WHITE HANGING HEART T-LIGHT HOLDER',
  quantity: 6,
  unitPrice: 2.55,
  customerId: '17850',
  country: 'United Kingdom',
};
const PURCHASE = { invoice: '536365', customerId: '17850', country: 'United Kingdom', lines: 7, units: 40, amount: 139.12 };
const EVENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'basket.updated': BASKET,
  'purchase.completed': PURCHASE,
};
const isValid = (subject: string, data: object): boolean => validateData(workspace.contracts.get(subject), data).ok;

describe('what drills may do to the bundled workspace', () => {
  it.each(RETAIL_CATALOG.breakable)(
    'breaks the contract of $subject by $field, renamed or as text',
    ({ subject, field, renamed }) => {
      const { [field]: value, ...rest } = EVENTS[subject] ?? {};
      expect(required(subject)).toContain(field);
      expect(fieldsOf(subject).has(renamed)).toBe(false);
      expect(isValid(subject, { ...rest, [field]: value })).toBe(true);
      expect(isValid(subject, { ...rest, [renamed]: value })).toBe(false);
      expect(isValid(subject, { ...rest, [field]: String(value) })).toBe(false);
    },
  );

  it.each(RETAIL_CATALOG.scalable)(
    'keeps $field of $subject valid by every factor, in a field that features are made of',
    (scale) => {
      const { subject, field, factors, sources } = scale;
      const data = EVENTS[subject] ?? {};
      for (const factor of factors) {
        expect(factor >= 10 || factor <= 0.1).toBe(true);
        expect(isValid(subject, { ...data, [field]: Number((Number(data[field]) * factor).toPrecision(12)) })).toBe(true);
      }
      expect(sources).toBeLessThanOrEqual(RETAIL_CATALOG.sources.length);
      const uses = workspace.views
        .filter((view) => view.subject === subject)
        .flatMap(({ features }) => features.map(({ of }) => of));
      expect(uses).toContain(field);
    },
  );

  it('names views, features and partitions that there are, and bystanders that there are not', () => {
    const [pipeline] = workspace.pipelines;
    if (pipeline === undefined) throw new TypeError('the workspace has a pipeline');
    expect(RETAIL_CATALOG.partitions).toBe(pipeline.topic.partitions);
    for (const { view, subject } of RETAIL_CATALOG.stoppable) {
      expect(workspace.views.find((one) => one.view === view)?.subject).toBe(subject);
      expect(subject).not.toBe(pipeline.scores.subject);
    }
    const views = workspace.views.map(({ view }) => view);
    for (const view of RETAIL_CATALOG.losable) expect(views).toContain(view);
    const inputs = workspace.models[0]?.inputs.map(({ feature }) => feature);
    for (const segment of RETAIL_CATALOG.segments) expect(inputs).toContain(segment);
    const names = [
      pipeline.pipeline,
      pipeline.topic.name,
      ...views,
      ...workspace.contracts.subjects(),
      ...RETAIL_CATALOG.sources,
    ];
    for (const bystander of RETAIL_CATALOG.bystanders) expect(names).not.toContain(bystander);
  });
});
