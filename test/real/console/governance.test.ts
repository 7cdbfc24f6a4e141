import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FixtureServer, startFixtureServer } from '../../dashboards/console/fixture-server.ts';
import { type Browser, openBrowser } from './browser.ts';
import { DESKTOP } from './chromium.ts';

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
  server.rolledBackTo = undefined;
  server.failing.clear();
});

const MODEL = '/models/repurchase';
const JOB = '/drift/repurchase-weekly';

async function open(path: string): Promise<void> {
  await browser.page.goto(server.url + path);
  await browser.page.getByText('up to date').waitFor();
  await browser.page.locator('.governance h1').waitFor();
}

const parameter = (name: string): string | null => new URL(browser.page.url()).searchParams.get(name);
const focused = () => browser.page.evaluate<string>('document.activeElement.textContent');

describe('a roll-back', () => {
  const dialog = () => browser.page.getByRole('dialog', { name: 'Roll repurchase back from v8' });

  it('is called and called off with the keyboard, and focus goes back to where it was', async () => {
    const { page } = browser;
    await open(MODEL);
    await page.getByRole('button', { name: 'Roll back …' }).focus();
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    expect(parameter('rollback')).toBe('4');
    expect(await page.evaluate<string>('document.activeElement.localName')).toBe('textarea');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    expect(parameter('rollback')).toBeNull();
    expect(await focused()).toBe('Roll back …');
  });

  it('asks for a reason and a name before anything is sent', async () => {
    const { page } = browser;
    await open(`${MODEL}?rollback=4`);
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    await page.getByRole('button', { name: 'Roll back to v4' }).click();
    expect(await page.locator('textarea:invalid').count()).toBe(1);
    await page.getByLabel(/^why/u).fill('scores are far too low');
    await page.getByRole('button', { name: 'Roll back to v4' }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    expect(posts).toEqual([]);
  });

  it('that is refused says why and keeps what was typed; then it is done, and the page says who decides', async () => {
    const { page, complaints } = browser;
    await open(`${MODEL}?rollback=4`);
    await page.getByLabel('who does it').fill('jana.k');
    await page.getByLabel(/^why/u).fill('refuse this one');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Nothing was changed.' }).waitFor();
    await page.getByText('APP_ROLLBACK_REFUSED').waitFor();
    expect(await page.getByLabel('who does it').inputValue()).toBe('jana.k');
    await page.getByRole('radio', { name: /^v3/u }).check();
    expect(parameter('rollback')).toBe('3');
    await page.getByRole('radio', { name: /^v4/u }).check();
    await page.getByLabel(/^why/u).fill('wholesale customers score far too low');
    await page.getByRole('button', { name: 'Roll back to v4' }).click();
    await page.getByRole('status').filter({ hasText: 'repurchase v4 decides again' }).waitFor();
    expect(await focused()).toBe('Close');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'hidden' });
    await page.locator('.who').getByText('since 9 Dec 2011').waitFor();
    expect(await page.locator('.who .is-live').textContent()).toContain('v4');
    complaints.length = 0;
  });
});

describe('the heat map', () => {
  it('is walked with arrows, opened with Enter, and holds its cell and its measure in the address', async () => {
    const { page } = browser;
    await open(`${JOB}?target=score&to=2011-12-05T00:00:00Z`);
    await page.getByRole('heading', { name: 'score' }).waitFor();
    await page.locator('[data-cell="18-44"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.heat-cell[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'outcome' }).waitFor();
    expect([parameter('target'), parameter('to')]).toEqual(['outcome', '2011-11-28T00:00:00.000Z']);
    await page.getByRole('button', { name: 'KS', exact: true }).click();
    await page.getByRole('button', { name: '← window before' }).click();
    await page.reload();
    await page.getByText('14 Nov to 20 Nov 2011').first().waitFor();
    expect(parameter('method')).toBe('ks');
    expect(await page.getByRole('button', { name: 'KS', exact: true, pressed: true }).count()).toBe(1);
    expect(await page.locator('[aria-selected="true"]').count()).toBe(1);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Choose a cell').waitFor();
    expect(parameter('target')).toBeNull();
  });

  it('tells each cell in words, and marks alarms not by colour alone', async () => {
    const { page } = browser;
    await open(JOB);
    const alarm = page.getByRole('button', { name: 'latest_purchase.units, 28 Nov to 4 Dec 2011: PSI' });
    expect(await alarm.getAttribute('aria-label')).toMatch(/PSI 0\.2\d\d, limit 0\.200: alarm$/u);
    expect(await alarm.textContent()).toBe('!');
    const missing = page.getByRole('button', { name: 'outcome, 31 Jan to 6 Feb 2011' });
    expect(await missing.getAttribute('title')).toContain('not computable: 60 outcomes have matured');
    expect(await missing.getAttribute('class')).toContain('heat-step-na');
  });
});

describe('a walk', () => {
  it('leads from an alarm to the training that followed, to its version, and back to the distribution', async () => {
    const { page } = browser;
    await open(JOB);
    await page.locator('.alarms').getByRole('link', { name: 'training asked for' }).first().click();
    await page.locator('.trainings .is-shown').waitFor();
    expect(parameter('request')).toBe('repurchase/2011-11-28');
    await page.locator('.trainings .is-shown').getByRole('link', { name: 'v10' }).click();
    await page.getByRole('heading', { name: 'Version 10' }).waitFor();
    await page.locator('.version-detail').getByRole('link', { name: 'its distribution' }).first().click();
    await page.locator('.bins').waitFor();
    expect([parameter('target'), parameter('to')]).toEqual(['latest_purchase.units', '2011-11-28T00:00:00.000Z']);
  });

  it('leads from the time line and from a prediction to the version, which is brought into view', async () => {
    const { page } = browser;
    await page.goto(server.url);
    await page.getByRole('link', { name: /2011-07-18: repurchase rolled back from v5 to v4/u }).click();
    await page.getByRole('heading', { name: 'Version 4' }).waitFor();
    await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(600);
    await page.goto(`${server.url}/events/581483%3Acompleted`);
    await page.getByRole('link', { name: 'repurchase v1' }).click();
    await page.getByText('It scores on in shadow').waitFor();
  });

  it('goes by the one box: a page, a model and a drift job by their names', async () => {
    const { page } = browser;
    await open(JOB);
    for (const [typed, path] of [
      ['roll-back', MODEL],
      ['weekly', JOB],
    ] as const) {
      await page.keyboard.press('/');
      await page.keyboard.type(typed);
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${path}`);
    }
    expect(await page.getByRole('link', { name: 'Drift', exact: true }).getAttribute('aria-current')).toBe('page');
  });

  it('says in words that the API fails, and tries again when asked', async () => {
    const { page, complaints } = browser;
    server.failing.add(`/api${JOB}`);
    await page.goto(server.url + JOB);
    await page.getByText('The telemetry store does not answer').waitFor();
    server.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Features by windows' }).waitFor();
    expect(complaints.filter((line) => !line.includes('503'))).toEqual([]);
  });
});
