import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventAnswer, Health, Journey, JourneyPage, PipelineList, Receipt } from '#core';
import { formatUs } from '../../../dashboards/console/words/durations.ts';
import { eventHref } from '../../../dashboards/console/words/links.ts';
import { formatCount, formatFigure, formatValue } from '../../../dashboards/console/words/numbers.ts';
import { STAGES } from '../../../dashboards/console/words/stages.ts';
import { childrenOf } from '../../support/child-processes.ts';
import { type Browser, openBrowser, overflowPx } from './browser.ts';
import { DESKTOP, PHONE } from './chromium.ts';
import { examplePathOf } from './example-paths.ts';
import { type ApiDocument, answerAt, createAnswerCheck, operationsOf, sendNoSpans } from './open-api.ts';
import { type RealLine, startRealLine } from './real-line.ts';
import { rollBackAndForth } from './rollback.ts';
import { crawl, msOf, settled, textOf } from './visits.ts';

/** The bundled year through a real process, embedded ClickHouse and all, in its live phase. */

const ARRIVAL = { timeout: 20_000, interval: 200 } as const;
const PAGES = 150;
const PSEUDONYM = /\b[0-9a-f]{16}\b/gu;

let folder: string;
let line: RealLine;
let desktop: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-real-line-'));
  line = await startRealLine(folder);
  desktop = await openBrowser({ viewport: DESKTOP, colorScheme: 'light' }, line.url);
});
afterAll(async () => {
  await desktop?.close();
  await line?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(address: string, { page }: Browser = desktop): Promise<void> {
  await page.goto(line.url + address);
  await settled(page);
}

async function found<Kind extends 'journey' | 'receipt'>(address: string, kind: Kind) {
  const { found: event } = await line.get<EventAnswer>(`/api${address}`);
  if (event.kind !== kind) return expect.fail(`${address} is a ${event.kind}`);
  return event as Extract<EventAnswer['found'], { kind: Kind }>;
}

/** No page shows the number of a customer whose pseudonym it shows. */
function expectNoCustomers(text: string): void {
  const customers = (text.match(PSEUDONYM) ?? []).flatMap((pseudonym) => line.customerOf(pseudonym) ?? []);
  expect(customers.filter((customer) => new RegExp(`(?<![\\d,.])${customer}(?![\\d,.])`, 'u').test(text))).toEqual([]);
}

const LOOKS = [
  { name: 'desktop, light', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'phone, dark', viewport: PHONE, colorScheme: 'dark' },
] as const;

describe.each(LOOKS)('the overview on a $name', (look) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(look, line.url);
    await open('/?table=quality', browser);
  });
  afterAll(() => browser.close());

  it('shows decisions as they arrive', async () => {
    const { page } = browser;
    await page.getByText('Live at 300× speed').waitFor();
    const newest = page.locator('.latest-list li').first();
    const before = await newest.textContent();
    await expect.poll(() => newest.textContent(), ARRIVAL).not.toBe(before);
  });

  it('holds live decisions against the latency budget', async () => {
    const { page } = browser;
    await page.getByText(/\d+ live decisions? within/u).waitFor();
    const figures = await page.locator('.headline-figure').allTextContents();
    expect(figures).toHaveLength(5);
    for (const figure of figures) expect(figure).toMatch(/^\d/u);
    const stages = await page.locator('.budget tbody th').allTextContents();
    expect(stages).toEqual(Object.values(STAGES).map(({ name }) => name));
    for (const figure of await page.locator('.budget .budget-p95').allTextContents()) expect(figure).toMatch(/^\d/u);
  });

  it('has fates that add up to all events that were read', async () => {
    const { page } = browser;
    await page.getByText('= all events that were read').waitFor();
    const sums = await page.evaluate<readonly [number, number]>(`(() => {
      const counts = (part) => [...document.querySelectorAll('.fate-table ' + part + ' td:nth-child(2)')]
        .map(({ textContent }) => Number(textContent.replaceAll(',', '')));
      return [counts('tbody').reduce((sum, count) => sum + count, 0), counts('tfoot')[0]];
    })()`);
    expect(sums[0]).toBe(sums[1]);
    expect(sums[0]).toBeGreaterThan(466_000);
  });

  it('has the year: months with their quality, and the promotion', async () => {
    const { page } = browser;
    await page.locator('.day-chart canvas').first().waitFor();
    const months = await page.getByRole('table').filter({ hasText: 'calibration error' }).textContent();
    for (const month of ['Mar 2011', 'Jun 2011', 'Oct 2011', 'Nov 2011']) expect(months).toContain(month);
    const changes = await page.locator('.changes li').allTextContents();
    expect(changes.join('\n')).toMatch(/model promoted.*repurchase v\d+.*Passed its gate/u);
    expect(await overflowPx(page)).toBe(0);
    expect(browser.complaints).toEqual([]);
  });
});

describe('a link that the start printed', () => {
  it('opens a quarantined event that says why, hides who it was, and shows the way it went', async () => {
    const path = line.links.quarantined;
    const { detail, reason, spans, raw } = await found(path, 'receipt');
    await open(path);
    const text = await textOf(desktop.page);
    expect(text).toContain(detail);
    expect(text).toContain(reason);
    expect(raw).toMatchObject({ status: 'shown', key: '•••', data: { customerId: '•••' }, masked: ['/customerId'] });
    expect(await desktop.page.locator('.raw').getByText('masked', { exact: true }).count()).toBe(2);
    expect(spans.length).toBeGreaterThan(2);
    expect(await desktop.page.locator('.waterfall .span').count()).toBe(spans.length);
    expectNoCustomers(text);
  });

  it('opens a prediction with its features, its decision, its negative outcome and a waterfall', async () => {
    const path = line.links.predicted;
    const { features, prediction, spans, entity } = await found(path, 'journey');
    await open(path);
    const { page } = desktop;
    const rows = await page.locator('.feature-table tbody tr').allTextContents();
    expect(rows).toHaveLength(features.length);
    for (const [index, { name, value, status }] of features.entries()) {
      expect(rows[index]).toContain(name);
      expect(rows[index]).toContain(`${formatValue(value)}`);
      expect(rows[index]).toMatch(
        new RegExp(`(same moment|\\d (second|minute|hour|day)s?|–).*${status.replace('_', ' ')}$`, 'u'),
      );
    }
    const text = await textOf(page);
    expect(text).toContain(formatFigure(prediction?.score ?? null));
    expect(text).toContain('suggest winback');
    expect(text).toContain('no repurchase 30d within the horizon');
    expect(spans.length).toBeGreaterThan(5);
    expect(await page.locator('.waterfall .span').count()).toBe(spans.length);
    expect(line.customerOf(entity.value)).toMatch(/^\d{5}$/u);
    expectNoCustomers(text);
  });
});

describe('the stages of an event', () => {
  async function stagesShown(path: string): Promise<Journey['latency']> {
    const { latency } = await found(path, 'journey');
    await open(path);
    const { page } = desktop;
    const shown = await page.locator('.stage-table tbody tr td:nth-child(3)').allTextContents();
    expect(shown).toEqual(latency.stages.map(({ us }) => formatUs(us)));
    expect(await page.locator('.stage-table tfoot td:nth-child(3)').textContent()).toBe(formatUs(latency.endToEndUs));
    const widths = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.stage-whole .stage-part')].map(({ style }) => Number.parseFloat(style.width))`,
    );
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(100, 1);
    expect(latency.stages.reduce((sum, { us }) => sum + us, 0)).toBeCloseTo(latency.endToEndUs ?? Number.NaN, 6);
    return latency;
  }

  it('of live traffic add up to end to end and are held against the budget', async () => {
    const { items } = await line.get<JourneyPage>('/api/journeys?order=slowest&limit=1');
    const latency = await stagesShown(eventHref(items[0]?.event ?? expect.fail('no live decision is stored')));
    expect(latency.isBacklog).toBe(false);
    expect(await desktop.page.locator('.stages').textContent()).toMatch(/within p99|longer than p99/u);
  });

  it('of backlog add up, too, and break no budget', async () => {
    expect((await stagesShown(line.links.predicted)).isBacklog).toBe(true);
    expect(await desktop.page.locator('.stages').textContent()).not.toContain('over p9');
    expect(await desktop.page.locator('.stages .is-over').count()).toBe(0);
  });
});

describe('a basket line', () => {
  it('leads to the predictions that used it, and their features have seen it', async () => {
    const { items } = await line.get<JourneyPage>('/api/journeys?fate=used_by_features&to=2011-09-01T00:00:00Z&limit=50');
    const basket = items.find(({ event }) => event.type === 'basket.updated') ?? expect.fail('no basket line is stored');
    const path = eventHref(basket.event);
    const receipt: Receipt = await found(path, 'receipt');
    await open(path);
    const { page } = desktop;
    const uses = page.locator('.used-by-list a');
    expect(await uses.count()).toBe(receipt.usedBy.length);
    expect(receipt.usedBy.length).toBeGreaterThan(0);
    await uses.first().click();
    await page.getByRole('heading', { name: receipt.usedBy[0]?.event.id ?? '' }).waitFor();
    await settled(page);
    const journey = await found(new URL(page.url()).pathname + new URL(page.url()).search, 'journey');
    const seen = journey.features.filter(({ view, status }) => receipt.views.includes(view) && status === 'present');
    expect(journey.entity.value).toBe(receipt.entity?.value);
    expect(seen.length).toBeGreaterThan(0);
    for (const { eventTime } of seen) expect(msOf(eventTime)).toBeGreaterThanOrEqual(msOf(receipt.event.time));
    expect(seen.find(({ name }) => name === 'basket_lines.lines_60d')?.value).toBeGreaterThanOrEqual(1);
    for (const { ageSeconds, eventTime } of journey.features.filter(({ status }) => status !== 'not_found'))
      expect(msOf(journey.event.time) - msOf(eventTime)).toBe((ageSeconds ?? Number.NaN) * 1000);
  });
});

describe('the one box', () => {
  async function ask(text: string): Promise<void> {
    const { page } = desktop;
    await open('/search');
    await page.keyboard.press('/');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  }

  it('opens an event by its id', async () => {
    const { event } = await found(line.links.predicted, 'journey');
    await ask(event.id);
    await desktop.page.getByRole('heading', { name: event.id }).waitFor();
  });

  it('opens a customer by the number that the shop writes, and shows the number nowhere', async () => {
    const { entity, event } = await found(line.links.predicted, 'journey');
    const { page } = desktop;
    await ask(line.customerOf(entity.value) ?? expect.fail('the customer is not known'));
    await page.getByRole('heading', { name: entity.value }).waitFor();
    await page.getByText(event.id).first().waitFor();
    expectNoCustomers(await textOf(page));
  });

  it('a customer’s number in the address gives way to the pseudonym', async () => {
    const { entity } = await found(line.links.predicted, 'journey');
    await open(`/search?entity=${line.customerOf(entity.value) ?? ''}`);
    await desktop.page.waitForURL(new RegExp(`entity=${entity.value}`, 'u'));
    await settled(desktop.page);
    expectNoCustomers(await textOf(desktop.page));
  });

  it('opens a trace that was kept', async () => {
    const { traceId, event, spans } = await found(line.links.predicted, 'journey');
    await ask(traceId);
    await desktop.page.waitForURL(`**/traces/${traceId}`);
    await settled(desktop.page);
    expect(await desktop.page.locator('.waterfall .span').count()).toBe(spans.length);
    await desktop.page.getByRole('link', { name: event.id }).waitFor();
  });
});

describe('the search', () => {
  it('filters, pages, and goes back to its first page', async () => {
    const { page } = desktop;
    await open('/search');
    await page.getByLabel('fate').selectOption('quarantined');
    await page.waitForURL(/fate=quarantined/u);
    const ids = async (): Promise<readonly string[]> => {
      await page.locator('[aria-busy="false"]').waitFor();
      return await page.locator('.results-event a').allTextContents();
    };
    await expect
      .poll(() => page.locator('.results-fate').allTextContents())
      .toSatisfy((fates: readonly string[]) => fates.every((fate) => fate.includes('quarantined')));
    const first = await ids();
    await page.getByRole('link', { name: 'next page' }).click();
    await page.waitForURL(/cursor=/u);
    const second = await ids();
    expect(first).toHaveLength(50);
    expect(second).toHaveLength(50);
    expect(second.filter((id) => first.includes(id))).toEqual([]);
    await page.getByRole('link', { name: 'first page' }).click();
    await page.waitForURL((url) => !url.search.includes('cursor'));
  });
});

it('the API answers as its own description says', async () => {
  const { traceId, event } = await found(line.links.predicted, 'journey');
  const document = await line.get<ApiDocument>('/api/openapi.json');
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Throughline', version: expect.any(String) } });
  const check = createAnswerCheck(document);
  const asked: Readonly<Record<string, string>> = {
    '/api/events/{id}': `/api${eventHref(event)}`,
    '/api/journeys': '/api/journeys?fate=scored&label=0&order=oldest&limit=5',
    '/api/find': `/api/find?q=${encodeURIComponent(event.id)}`,
    '/api/traces/{traceId}': `/api/traces/${traceId}`,
    '/api/drift/{job}/distribution': '/api/drift/repurchase-weekly/distribution?target=score&to=2011-10-10T00:00:00.000Z',
  };
  const answers = operationsOf(document).map(async (operation) => {
    const [method = '', path = ''] = operation.split(' ');
    if (path === '/v1/traces') return check(operation, await sendNoSpans(line.url + path));
    if (method === 'post' || path === '/api/incidents/{fingerprint}') return []; // incidents-api.test.ts asks for one
    return check(operation, await answerAt(line.url + (asked[path] ?? examplePathOf(path))));
  });
  expect(answers.length).toBeGreaterThan(9);
  expect((await Promise.all(answers)).flat()).toEqual([]);
});

it('a roll-back holds for the next events, and is taken back', () => rollBackAndForth(line, ARRIVAL));

it('no link of the console is dead, and no page names a customer', async () => {
  const visits = await crawl(desktop.page.context(), { base: line.url, from: '/', maxPages: PAGES, tabs: 3 });
  expect(visits.length).toBe(PAGES);
  expect(visits.filter(({ faults }) => faults.length > 0).map(({ path, faults }) => [path, ...faults])).toEqual([]);
  for (const { text } of visits) expectNoCustomers(text);
});

it('an engine that is killed is told in words, decisions go on, and the page recovers by itself', async () => {
  const { page, complaints } = desktop;
  await open('/');
  const newest = page.locator('.latest-list li').first();
  const before = await newest.textContent();
  const telling = page.getByText(/Telemetry is unavailable .*Scoring goes on/u);
  const kill = async (): Promise<boolean> => {
    for (const pid of childrenOf(line.process.child.pid ?? 0, /engine-worker/u)) process.kill(pid, 'SIGKILL');
    return await telling.isVisible();
  };
  await expect.poll(kill, { timeout: 20_000, interval: 400 }).toBe(true);
  await expect.poll(() => newest.textContent(), ARRIVAL).not.toBe(before);
  await telling.waitFor({ state: 'hidden' });
  await expect.poll(() => line.get<Health>('/api/health'), ARRIVAL).toMatchObject({ status: 'ok', telemetry: { status: 'ok' } });
  const { pipelines } = await line.get<PipelineList>('/api/pipelines');
  const scored = pipelines[0]?.fates.find(({ fate }) => fate === 'scored')?.events ?? 0;
  expect(scored).toBeGreaterThan(11_000);
  await expect.poll(async () => Number((await scoredShown(page)).replaceAll(',', '')), ARRIVAL).toBeGreaterThan(scored);
  expect(formatCount(scored)).toMatch(/^\d\d,\d{3}$/u);
  expect(complaints.filter((complaint) => !complaint.includes('503'))).toEqual([]);
});

async function scoredShown(page: Browser['page']): Promise<string> {
  return (await page.locator('.fate-table tbody td').first().textContent()) ?? '';
}
