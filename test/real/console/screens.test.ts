import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FINGERPRINTS } from '../../dashboards/console/answers/incident-parts.ts';
import { hex } from '../../dashboards/console/answers/parts.ts';
import { type FixtureServer, startFixtureServer } from '../../dashboards/console/fixture-server.ts';
import { type Browser, findBarriers, openBrowser, overflowPx } from './browser.ts';
import { DESKTOP, PHONE } from './chromium.ts';
import { OPERATIONS, type Screen } from './operations-screens.ts';

/** Every screen, in every state that it has. */
const SCREENS: Readonly<Record<string, Screen>> = {
  // First: it is awaited for two minutes of the fixture's clock, which began with the server.
  'incident, being diagnosed': {
    isVariant: true,
    path: `/incidents/${FINGERPRINTS.diagnosing}`,
    shows: ['Being diagnosed …', 'Not counted yet.', 'They are being run.', 'growth-analytics@example.com'],
  },
  ...OPERATIONS,
  overview: {
    path: '/',
    shows: [
      'What burns',
      'Waits for a person',
      'chat does not take our notifications',
      'Latency budget',
      'over by',
      '= all events that were read',
      'Live at 60× speed',
      '581587:completed',
    ],
  },
  'overview, backlog': {
    path: '/',
    scenario: 'backlog',
    shows: ['Nothing burns.', 'No live traffic yet: replaying backlog.', 'Replaying the backlog', 'none live yet'],
  },
  'overview, no telemetry': {
    path: '/',
    scenario: 'unavailable',
    shows: [/Telemetry is unavailable .*Scoring goes on; 12,430 records wait/u],
  },
  'overview, huge figures': {
    path: '/?table=quality&quality=logLoss',
    scenario: 'huge',
    shows: ['98,765,432,109', 'calibration error', 'Nov 2011'],
  },
  journey: {
    path: '/events/581483%3Acompleted?span=x&sort=-value',
    shows: ['0.288', 'suggest winback', 'repurchase 30d, 12 days later', '581587:completed', 'masked', '46.6'],
  },
  'journey, breach and open outcome': {
    path: '/events/581586%3Acompleted',
    shows: ['breach', 'over p99', 'settles by', '7 Jan 2012'],
  },
  'journey, backlog': {
    path: '/events/563201%3Acompleted',
    shows: [
      /how long this history waited in the log \(3\sh 12\smin\)/u,
      'no repurchase 30d within the horizon',
      'No spans were kept',
    ],
  },
  'journey, collecting': { path: '/events/539001%3Acompleted', shows: ['Before the first model', 'collecting'] },
  'journey, delivered twice': {
    path: '/events/574020%3Acompleted',
    shows: ['Other sources have an event of this id', '/shop/france', 'Also delivered at'],
  },
  'receipt, quarantined': {
    path: '/events/581585%3A4',
    shows: ['refused', 'basket.updated v1 refuses /quantity: -6 is less than the minimum 1.', 'all events with this reason'],
  },
  'receipt, used by features': {
    path: '/events/581483%3A1',
    shows: ['counted by 1 view', 'used by more than 5', 'outcome open'],
  },
  'receipt, used by none yet': { path: '/events/581400%3A2', shows: ['No prediction has read these features since.'] },
  'receipt, not shown': { path: '/events/581401%3A3', shows: ['names nobody', 'The log has removed it'] },
  'receipt, duplicate': { path: '/events/581402%3A1', shows: ['duplicate of offset 140860'] },
  'receipt, late': { path: '/events/581403%3A1', shows: ['It came 26 hours behind the watermark'] },
  'receipt, odd id': { path: `/events/${encodeURIComponent('odd/%25 id?#&=1')}`, shows: ['odd/%25 id?#&=1'] },
  search: { path: '/search', shows: ['581587:completed', 'next page', '50 shown'] },
  'search, filtered': {
    path: '/search?fate=quarantined&reason=contract%3A%20%2Fquantity%20minimum&cursor=2',
    shows: ['581487:4', 'first page', 'remove this filter'],
  },
  'search, nothing': { path: '/search?decision=nothing-like-it', shows: ['No event fits these filters.'] },
  entity: { path: '/search?entity=17850', shows: [hex('17850', 16), 'pseudonym', 'Only its predictions'] },
  trace: { path: `/traces/${hex('581483:completed', 32)}`, shows: ['score repurchase v1', '10 spans', '581483:completed'] },
  models: {
    isVariant: true,
    path: '/models',
    scenario: 'huge',
    shows: ['basket-abandonment-within-the-hour', 'none yet', 'v10 scores in shadow'],
  },
  model: {
    path: '/models/repurchase',
    shows: [
      'day 12 of 21',
      '+0.038',
      'since 31 Oct 2011',
      'no model came of it',
      /412 outcomes have matured/u,
      /on the same 16,303 outcomes/u,
      'frozen first model, in shadow',
      'Version 8',
    ],
  },
  'model, a version that was refused': {
    isVariant: true,
    path: '/models/repurchase?version=7',
    shows: ['Version 7', '× refused', 'Calibration error 0.081 against 0.049', /reaches over 0: the difference may be chance/u],
  },
  'model, roll-back': {
    isVariant: true,
    path: '/models/repurchase?rollback=3',
    shows: ['Roll repurchase back from v8', 'Roll back to v3', 'What happens'],
  },
  'model, before its first version': {
    isVariant: true,
    path: '/models/repurchase',
    scenario: 'backlog',
    shows: ['No version of this model exists yet.'],
  },
  'drift jobs': {
    isVariant: true,
    path: '/drift',
    scenario: 'huge',
    shows: ['returns-daily', '45 windows, the last 28 Nov to 4 Dec 2011', '! 2'],
  },
  'drift, a cell': {
    path: '/drift/repurchase-weekly?target=latest_purchase.amount&to=2011-10-17T00:00:00Z&method=psi',
    shows: [
      '10 Oct to 16 Oct 2011',
      /\d\.\d times its limit/u,
      'reference, 2,897 values',
      'Shares by bin',
      'means something else',
      '×100',
      /in 4 of them no feature’s PSI was/u,
      'training asked for',
      'goes on',
    ],
  },
  'drift, what is not computable': {
    isVariant: true,
    path: '/drift/repurchase-weekly?target=outcome&to=2011-02-07T00:00:00Z',
    shows: ['60 outcomes have matured in the last 28 days; at least 200 are asked for.', 'Outcomes are yes or no'],
  },
  'drift, before its first window': {
    isVariant: true,
    path: '/drift/repurchase-weekly',
    scenario: 'backlog',
    shows: ['No window has been measured yet.'],
  },
  'no such model': {
    isVariant: true,
    path: '/models/nope',
    isMissing: true,
    shows: ['No model has this name', 'The workspace has no model nope.'],
  },
  'no such drift job': {
    isVariant: true,
    path: '/drift/nope',
    isMissing: true,
    shows: ['No drift job has this name', 'All drift jobs'],
  },
  'no such event': { path: '/events/nope', isMissing: true, shows: ['No event has this id', 'Ids are those of the producer'] },
  'no such trace': { path: '/traces/00', isMissing: true, shows: ['No span of trace 00 is kept.'] },
  'no such page': { path: '/nowhere', shows: ['There is no page at this address'] },
};

const LOOKS = [
  { name: 'desktop, light', viewport: DESKTOP, colorScheme: 'light', showsVariants: true },
  { name: 'desktop, dark', viewport: DESKTOP, colorScheme: 'dark', showsVariants: false },
  { name: 'phone, light', viewport: PHONE, colorScheme: 'light', showsVariants: false },
  { name: 'phone, dark', viewport: PHONE, colorScheme: 'dark', showsVariants: true },
] as const;

describe.each(LOOKS)('on a $name', (look) => {
  let server: FixtureServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startFixtureServer();
    browser = await openBrowser(look, server.url);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it.each(Object.entries(SCREENS).filter(([, { isVariant }]) => isVariant !== true || look.showsVariants))(
    '%s shows what it is for, fits, complains of nothing and bars nobody',
    async (_name, screen) => {
      const { page, complaints } = browser;
      server.scenario = screen.scenario ?? 'live';
      complaints.length = 0;
      await page.goto(server.url + screen.path);
      for (const text of screen.shows) await page.locator('body').getByText(text).first().waitFor({ state: 'attached' });
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      expect(await overflowPx(page)).toBe(0);
      expect(await findBarriers(page)).toEqual([]);
      const expected = screen.isMissing === true ? complaints.filter((line) => !line.includes('404')) : complaints;
      expect(expected).toEqual([]);
    },
  );
});
