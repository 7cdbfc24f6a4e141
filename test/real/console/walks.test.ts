import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consoleFolder } from '#dashboards';
import { type FixtureServer, startFixtureServer } from '../../dashboards/console/fixture-server.ts';
import { type Browser, openBrowser } from './browser.ts';
import { DESKTOP } from './chromium.ts';

const MAX_FIRST_SCREEN_BYTES = 80_000;

let server: FixtureServer;
let browser: Browser;

beforeAll(async () => {
  server = await startFixtureServer();
  browser = await openBrowser({ viewport: DESKTOP, colorScheme: 'light' }, server.url);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(() => {
  server.scenario = 'live';
  server.failing.clear();
  server.setStreaming(true);
});

/** Opens a page and waits until it answers to keys. */
async function open(path: string): Promise<void> {
  await browser.page.goto(server.url + path);
  await browser.page.getByText('up to date').waitFor();
}

const box = () => browser.page.getByRole('combobox', { name: 'Find an event' });
const pathOf = (): string => new URL(browser.page.url()).pathname;

describe('with the keyboard alone', () => {
  it.each(['/', 'Control+k'])('%s brings the focus to the box; an id that is one event opens at once', async (key) => {
    const { page } = browser;
    await open('/');
    await page.keyboard.press(key);
    await page.keyboard.type('581483:completed');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '581483:completed' }).waitFor();
    expect(new URL(page.url()).search).toBe('?source=%2Fshop%2Funited-kingdom');
    expect(await box().inputValue()).toBe('');
  });

  it('several matches are listed, arrows walk them, Enter opens one; a screen reader hears which', async () => {
    const { page } = browser;
    await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('581483');
    await page.getByRole('option').nth(2).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const active = await box().getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active ?? 'none'}`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '581483:1' }).waitFor();
  });

  it('no match shows the hint, and Escape leaves the box', async () => {
    const { page } = browser;
    await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('no-such-thing');
    await page.keyboard.press('Enter');
    await page.getByText('No event, customer or trace is called no-such-thing').waitFor();
    expect(pathOf()).toBe('/');
    await page.keyboard.press('Escape');
    await page.getByText('No event, customer or trace is called').waitFor({ state: 'hidden' });
  });

  it('the places of the console open by name', async () => {
    const { page } = browser;
    await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('slowest');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/order=slowest/u);
  });

  it('the spans of a trace are walked with arrows and opened with Enter, and the open one is in the address', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/events/581483%3Acompleted`);
    await page.getByRole('button', { name: /process shop.events/u }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { expanded: true }).textContent()).toContain('broker wait');
    expect(page.url()).toMatch(/[?&]span=[0-9a-f]{16}/u);
    await page.reload();
    await page.getByRole('button', { name: /broker wait/u, expanded: true }).waitFor();
  });
});

describe('addresses', () => {
  it('hold the order of the features, which a reload keeps', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/events/581483%3Acompleted`);
    const first = () => page.locator('.feature-table tbody tr').first();
    await page.getByRole('button', { name: /^value/u }).click();
    await page.getByRole('button', { name: /^value/u }).click();
    expect(await first().textContent()).toContain('1,048.15');
    await page.reload();
    await first().waitFor();
    expect(await first().textContent()).toContain('1,048.15');
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toContain('value');
  });

  it('hold the filters of a search and its page; Back goes back', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/search`);
    await page.getByLabel('fate').selectOption('quarantined');
    await page.waitForURL(/fate=quarantined/u);
    await page.getByText('581587:4').waitFor();
    await page.getByRole('link', { name: 'next page' }).click();
    await page.getByText('581537:4').waitFor();
    await page.reload();
    await page.getByText('581537:4').waitFor();
    await page.goBack();
    await page.getByText('581587:4').waitFor();
    expect(new URL(page.url()).search).toBe('?fate=quarantined');
  });

  it('lead from a quarantined event to all with its reason, and from an outcome to the event that settled it', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/events/581585%3A4`);
    await page.getByRole('link', { name: 'all events with this reason' }).click();
    await page.waitForURL(/reason=contract/u);
    await page.goto(`${server.url}/events/581483%3Acompleted`);
    await page.getByRole('link', { name: '581587:completed' }).click();
    await page.getByRole('heading', { name: '581587:completed' }).waitFor();
  });
});

describe('what is live', () => {
  it('says when it is old, goes on by itself, and shows what came since', async () => {
    const { page, complaints } = browser;
    await open('/');
    server.setStreaming(false);
    await page.getByText(/reconnecting … as of \d\d:\d\d/u).waitFor();
    await page.locator('.strip.is-stale').waitFor();
    expect(await page.getByRole('heading', { name: 'Latency budget' }).isVisible()).toBe(true);
    server.setStreaming(true);
    await page.getByText('up to date').waitFor();
    await page.locator('.strip:not(.is-stale)').waitFor();
    complaints.length = 0;
  });

  it('goes on with what the line itself tells where the store of telemetry is away', async () => {
    const { page } = browser;
    server.failing.add('/api/pipelines');
    await open('/');
    await page.getByText('The telemetry store does not answer').waitFor();
    await page.getByText('= all events that were read').waitFor();
    await page.locator('.latest-list li').first().waitFor();
    server.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Latency budget' }).waitFor();
  });

  it('says in words that the API fails, and tries again when asked', async () => {
    const { page } = browser;
    server.failing.add('/api/events/581483%3Acompleted');
    await page.goto(`${server.url}/events/581483%3Acompleted`);
    await page.getByText('The telemetry store does not answer').waitFor();
    await page.getByText('APP_TELEMETRY_UNAVAILABLE').waitFor();
    server.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Features as served').waitFor();
  });
});

describe('the first screen', () => {
  it('loads at most 80 kB of compressed script, all that a browser asks for counted', async () => {
    const { page } = browser;
    const scripts: string[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') scripts.push(new URL(response.url()).pathname);
    });
    await page.goto(server.url);
    await page.locator('.day-chart canvas').waitFor();
    const sizes = scripts.map((path) => {
      const file = join(consoleFolder(), path);
      return statSync(statSync(file).size < 512 ? file : `${file}.br`).size;
    });
    const sum = sizes.reduce((total, size) => total + size, 0);
    const { firstScreenBytes } = JSON.parse(readFileSync(join(consoleFolder(), 'build.json'), 'utf8')) as {
      firstScreenBytes: number;
    };
    expect(scripts.length).toBeGreaterThan(4);
    expect(sum).toBeLessThanOrEqual(MAX_FIRST_SCREEN_BYTES);
    expect(firstScreenBytes).toBe(sum);
  });

  it('keeps the chosen colours over a reload, from the first frame', async () => {
    const { page } = browser;
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Switch to the dark colours' }).click();
    await page.reload({ waitUntil: 'commit' });
    // The script blocks the head, so it has run once there is a body to paint.
    await page.waitForFunction('document.body !== null');
    expect(await page.evaluate<string>('document.documentElement.dataset.theme')).toBe('dark');
    await page.getByRole('button', { name: 'Switch to the light colours' }).click();
  });
});
