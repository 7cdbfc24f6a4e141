import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FINGERPRINTS } from '../../dashboards/console/answers/incident-parts.ts';
import { SLOW_CONSUMER } from '../../dashboards/console/answers/slow-consumer.ts';
import { type FixtureServer, startFixtureServer } from '../../dashboards/console/fixture-server.ts';
import { type Browser, openBrowser } from './browser.ts';
import { DESKTOP } from './chromium.ts';
import { crawl } from './visits.ts';

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
  server.isDiagnosed = false;
  server.failing.clear();
  server.forgetWhatWasSaid();
  browser.complaints.length = 0;
});

const SLOW = `/incidents/${FINGERPRINTS.slow}`;
const TITLE = SLOW_CONSUMER.incident.summary;

async function open(path: string): Promise<void> {
  await browser.page.goto(server.url + path);
  await browser.page.getByText('up to date').waitFor();
  await browser.page.locator('#main h1').waitFor({ state: 'attached' });
}

const parameter = (name: string): string | null => new URL(browser.page.url()).searchParams.get(name);
const focused = () => browser.page.evaluate<string>('document.activeElement.textContent');

describe('an incident that is a moment old', () => {
  it('shows its diagnosis by itself once it is there', async () => {
    const { page } = browser;
    await open(`/incidents/${FINGERPRINTS.diagnosing}`);
    await page.getByRole('status').filter({ hasText: 'Being diagnosed …' }).waitFor();
    server.isDiagnosed = true;
    await page.locator('.leading-cause').getByText('Event 581401:3 throws').waitFor({ timeout: 5_000 });
    await page.getByText('7 failures, all at one offset.').waitFor();
  });

  it('has a stopwatch that goes on by the server’s clock', async () => {
    const { page } = browser;
    await open(SLOW);
    const shown = async (): Promise<string> => (await page.locator('.stopwatch-large').textContent()) ?? '';
    const before = await shown();
    expect(before).toMatch(/^1\d\smin \d\d\ss$/u);
    await expect.poll(shown, { timeout: 5_000 }).not.toBe(before);
  });
});

describe('from a fired alert to who answers for it', () => {
  it('it is three clicks: the incident, the team, the mail', async () => {
    const { page } = browser;
    await open('/');
    await page.locator('.flames').getByRole('link', { name: TITLE }).click();
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
    await page.locator('.incident-head').getByRole('link', { name: 'growth-analytics', exact: true }).click();
    await page.getByRole('heading', { name: 'growth-analytics', level: 1 }).waitFor();
    const mail = page.locator('.team-address').getByRole('link');
    expect(await mail.getAttribute('href')).toBe('mailto:growth-analytics@example.com');
    await page.locator('.team-incidents').getByRole('link', { name: TITLE }).click();
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
  });

  it('owners of pipelines, models, drift jobs and contracts lead to their teams as well', async () => {
    const { page } = browser;
    for (const [path, owner] of [
      ['/', 'growth-analytics'],
      ['/models/repurchase', 'ml-platform'],
      ['/drift/repurchase-weekly', 'ml-platform'],
      ['/events/581483%3Acompleted', 'shop-platform'],
    ] as const) {
      await open(path);
      await page.locator(`#main a[href="/teams/${owner}"]`).first().click();
      await page.getByRole('heading', { name: owner, level: 1 }).waitFor();
    }
  });

  it('it goes on from the incident: to its runbook, an exemplar’s journey, the rule, and back', async () => {
    const { page } = browser;
    await open(SLOW);
    await page.getByRole('link', { name: '581483:completed' }).click();
    await page.getByRole('heading', { name: '581483:completed' }).waitFor();
    await page.goBack();
    await page.locator('.incident-actions').getByRole('link', { name: 'Runbook' }).click();
    await page.getByRole('heading', { name: 'LatencyBudgetBurn', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'repurchase-latency' }).click();
    await page.locator('.slo-card.is-asked').waitFor();
    await page.getByRole('button', { name: 'LatencyBudgetBurn' }).first().click();
    expect(parameter('rule')).toBe('latency-0');
    await page.locator('.rule-detail').getByRole('link', { name: TITLE }).click();
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
  });

  it('the one box finds alerts, runbooks, incidents and teams', async () => {
    const { page } = browser;
    await open('/search');
    for (const [typed, path] of [
      ['latency budget 31 times', SLOW],
      ['runbook eventstuck', '/runbooks/EventStuck'],
      ['team, shop-platform', '/teams/shop-platform'],
    ] as const) {
      await page.keyboard.press('/');
      await page.keyboard.type(typed);
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${path}**`);
    }
  });
});

describe('what a person says to an incident', () => {
  it('is called off with the keyboard, and focus goes back to where it was', async () => {
    const { page } = browser;
    await open(SLOW);
    await page.getByRole('button', { name: 'Acknowledge …' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Acknowledge: I am on it' }).waitFor();
    expect(parameter('do')).toBe('acknowledge');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(parameter('do')).toBeNull();
    expect(await focused()).toBe('Acknowledge …');
    expect(server.posted).toEqual([]);
  });

  it('asks for a name first, remembers it, is refused with the reason, and then is posted', async () => {
    const { page } = browser;
    await open(`${SLOW}?do=acknowledge`);
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    expect(await page.locator('dialog input:invalid').count()).toBe(1);
    await page.getByLabel(/^your name/u).fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'It is resolved already.' }).waitFor();
    await page.getByLabel(/^your name/u).fill('jana.k');
    await page.getByLabel(/^a note/u).fill('looking at the deploy');
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await page.getByRole('status').filter({ hasText: '✓ Acknowledged.' }).waitFor();
    await page.getByText('jana.k is on it').waitFor();
    expect(server.posted).toEqual([
      {
        path: `/api${SLOW}/acknowledge`,
        body: { actor: 'jana.k', note: 'looking at the deploy', startsAt: SLOW_CONSUMER.incident.startsAt },
      },
    ]);
    expect(await focused()).toBe('✓ Acknowledged.');
    await page.getByRole('button', { name: 'Resolve …' }).click();
    expect(await page.getByLabel(/^your name/u).inputValue()).toBe('jana.k');
    await page.getByText('resolving by hand closes the incident, not the alert').waitFor();
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.getByText('resolved by hand; its alert still fires').waitFor();
    expect(server.posted.at(-1)).toEqual({
      path: `/api${SLOW}/resolve`,
      body: { actor: 'jana.k', startsAt: SLOW_CONSUMER.incident.startsAt },
    });
    browser.complaints.length = 0;
  });

  it('confirms a hypothesis, or declares another cause', async () => {
    const { page } = browser;
    await open(`${SLOW}?hypothesis=2`);
    await page.evaluate("localStorage.setItem('throughline.actor', 'omar.h')");
    await page.locator('.other-causes').getByRole('button', { name: 'This is it: declare it …' }).click();
    expect([parameter('do'), parameter('confirms')]).toEqual(['cause', '2']);
    const cause = page.getByLabel(/^the cause in a sentence/u);
    expect(await cause.inputValue()).toBe('The worker of the model is saturated: calls queue for 61 ms.');
    await page.getByRole('radio', { name: 'none of them' }).check();
    expect(await cause.inputValue()).toBe('');
    await page.getByRole('radio', { name: /^Processing per record/u }).check();
    await page.getByRole('button', { name: 'Declare cause', exact: true }).click();
    await page.getByText('cause declared by omar.h').first().waitFor();
    const { startsAt } = SLOW_CONSUMER.incident;
    expect(server.posted).toEqual([
      {
        path: `/api${SLOW}/cause`,
        body: { actor: 'omar.h', cause: SLOW_CONSUMER.diagnosis?.hypotheses[0]?.title, hypothesis: 1, startsAt },
      },
    ]);
  });
});

describe('addresses', () => {
  it('hold what is unfolded, opened with the keyboard, and a reload keeps it', async () => {
    const { page } = browser;
    await open(SLOW);
    await page.locator('.checks summary').nth(2).focus();
    await page.keyboard.press('Enter');
    await page.locator('.evidence-list summary').first().focus();
    await page.keyboard.press('Enter');
    expect([parameter('check'), parameter('evidence')]).toEqual(['3', '1.1']);
    await page.reload();
    await page.getByRole('region', { name: 'Rows of check 3' }).waitFor();
    await page.getByRole('region', { name: 'Rows of evidence 1.1' }).waitFor();
  });

  it('of an earlier incident lead to it', async () => {
    const { page } = browser;
    await open(SLOW);
    await page.locator('.earlier').getByRole('link').first().click();
    await page.getByText('cause declared by jana.k').first().waitFor();
    expect(parameter('startsAt')).toBe('2026-11-11T09:02:11.000Z');
  });
});

describe('what is said without colour, and when it fails', () => {
  it('the header counts what is open, in words too, and follows', async () => {
    const { page } = browser;
    await open('/search');
    await page.getByRole('link', { name: 'Incidents 6 open' }).waitFor();
    server.scenario = 'backlog';
    await page.getByRole('link', { name: 'Incidents', exact: true }).waitFor({ timeout: 8_000 });
  });

  it('the bars of both cohorts stand in a table, too, and decoys have a word', async () => {
    const { page } = browser;
    await open(SLOW);
    const rows = await page.locator('.cohort-table tbody tr').allTextContents();
    expect(rows).toHaveLength(9);
    expect(rows[0]).toMatch(/^broker waitsuspect8\.1\sms692\sms\+684\sms! over 10\sms$/u);
    const decoys = await page.locator('.nearby-list .is-decoy').allTextContents();
    expect(decoys).toHaveLength(2);
    for (const decoy of decoys) expect(decoy).toContain('not on the pathway');
    const widths = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.cohort-bars rect.cohort-part')].map((bar) => Number(bar.getAttribute('width')))`,
    );
    expect(widths).toHaveLength(18);
    expect(Math.max(...widths)).toBeGreaterThan(500);
  });

  it('a failure is told in words, and tried again when asked', async () => {
    const { page, complaints } = browser;
    server.failing.add('/api/slos');
    await open('/slos');
    await page.getByText('The telemetry store does not answer').waitFor();
    await page.getByRole('heading', { name: 'Alert rules' }).waitFor();
    server.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'repurchase latency' }).waitFor();
    expect(complaints.filter((line) => !line.includes('503'))).toEqual([]);
  });
});

it('no link among incidents, objectives, runbooks and teams is dead', async () => {
  const { page } = browser;
  const visits = await crawl(page.context(), {
    base: server.url,
    from: '/slos',
    maxPages: 120,
    tabs: 3,
    follows: (path) => /^\/(?:incidents|slos|runbooks|teams|$)/u.test(path),
  });
  const kinds = new Set(visits.map(({ path }) => path.split(/[/?]/u)[1]));
  expect(kinds).toEqual(new Set(['', 'incidents', 'runbooks', 'slos', 'teams']));
  expect(visits.length).toBeGreaterThan(45);
  expect(visits.length).toBeLessThan(120);
  expect(visits.filter(({ faults }) => faults.length > 0).map(({ path, faults }) => [path, ...faults])).toEqual([]);
});
