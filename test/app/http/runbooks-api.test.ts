import { beforeAll, describe, expect, test } from 'vitest';
import { ALERTS, ManualClock, RunbookAnswer, RunbookList, TeamAnswer } from '#core';
import { loadWorkspace, type Workspace } from '../../../app/config/index.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { BAD_MS, FINGERPRINT, MADE_END_MS, refusalAlert, serveOperations, storeRefusals } from './operations-server.ts';

const { database } = telemetryForFile();
let workspace: Workspace | undefined;

beforeAll(async () => {
  workspace = await loadWorkspace('examples/retail');
  await storeRefusals(database());
}, 60_000);

const serve = (isStoreThere = true) =>
  serveOperations(workspace ?? expect.fail(), isStoreThere ? database() : undefined, new ManualClock(MADE_END_MS));
const times = `from=${new Date(BAD_MS).toISOString()}&to=${new Date(MADE_END_MS).toISOString()}`;

describe('GET /api/runbooks', () => {
  test('lists every alert’s runbook with its owner and what it means', async () => {
    const { get } = await serve();
    const { runbooks } = await get<RunbookList>('/api/runbooks', RunbookList);
    expect(runbooks.map(({ alert }) => alert).sort()).toEqual([...ALERTS].sort());
    expect(runbooks.find(({ alert }) => alert === 'Watchdog')).toMatchObject({
      owner: { name: 'growth-analytics', contact: 'growth-analytics@example.com' },
      meaning: 'This alert fires always.',
      checks: 4,
      firing: false,
    });
  });
});

describe('GET /api/runbooks/:alert', () => {
  test('runs its checks in the time that is asked for, and shows its page as HTML', async () => {
    const { get, incidents } = await serve();
    await incidents.take([refusalAlert()]);
    const answer = await get<RunbookAnswer>(`/api/runbooks/QuarantineGrowing?${times}`, RunbookAnswer);
    expect(answer.checks.map(({ query, answer: said }) => [query, said])).toEqual([
      ['refused', 'yes'],
      ['one_producer', 'yes'],
      ['reasons', 'yes'],
      ['changes', 'no'],
      ['event_types', 'no'],
    ]);
    expect(answer).toMatchObject({
      pipeline: 'repurchase',
      dashboard: '/d/throughline-contract?viewPanel=2',
      incidents: [FINGERPRINT],
      escalate: expect.stringContaining('shop-platform'),
    });
    expect(answer.sections.map(({ title }) => title)).toEqual(['Meaning', 'Impact', 'Diagnosis', 'Mitigation']);
    expect(answer.sections[2]?.html).toContain('<a href="/runbooks/FeatureViewStale">FeatureViewStale</a>');
  });

  test('takes the last hour where no time is asked for', async () => {
    const { get } = await serve();
    const { checks } = await get<RunbookAnswer>('/api/runbooks/QuarantineGrowing', RunbookAnswer);
    expect(checks[0]?.sql).toContain(`toInt64(${MADE_END_MS - 3_600_000})`);
  });

  test('is there without a store: the page, and that nothing can be asked', async () => {
    const { get } = await serve(false);
    const { checks, sections } = await get<RunbookAnswer>('/api/runbooks/EventStuck', RunbookAnswer);
    expect(checks.map(({ answer }) => answer)).toEqual(Array(5).fill('failed'));
    expect(checks[0]?.meaning).toMatch(/store is not there/u);
    expect(sections).toHaveLength(4);
  });

  test('refuses what it cannot answer, and says what there is', async () => {
    const { problem } = await serve(false);
    const now = new Date(MADE_END_MS).toISOString();
    const cases = [
      ['/api/runbooks/EventStck', 404, 'APP_NOT_FOUND', /no runbook for EventStck/u],
      [`/api/runbooks/EventStuck?from=${now}`, 400, 'APP_REQUEST_INVALID', /end behind its begin/u],
      ['/api/runbooks/EventStuck?from=2000-01-01T00:00:00Z', 400, 'APP_REQUEST_INVALID', /at most 30 days/u],
      ['/api/runbooks/EventStuck?form=1', 400, 'APP_REQUEST_INVALID', /did you mean 'from'/u],
      ['/api/teams/nobody', 404, 'APP_NOT_FOUND', /no team nobody; there are shop-platform/u],
    ] as const;
    for (const [url, status, code, message] of cases)
      expect(await problem(url)).toEqual({ status, code, message: expect.stringMatching(message) });
  });
});

describe('GET /api/teams/:name', () => {
  test('tells how to reach a team, what it owns and what is open', async () => {
    const { get, incidents } = await serve();
    await incidents.take([refusalAlert()]);
    const answer = await get<TeamAnswer>('/api/teams/shop-platform', TeamAnswer);
    expect(answer.team).toEqual({ name: 'shop-platform', contact: 'shop-platform@example.com' });
    expect(answer.incidents).toEqual([FINGERPRINT]);
    const owned = answer.owns.map(({ kind, name }) => `${kind} ${name}`);
    for (const name of ['contract basket.updated', 'slo shop-contract', 'alert QuarantineGrowing', 'runbook FieldMeaningChanged'])
      expect(owned).toContain(name);
    await incidents.resolve({ fingerprint: FINGERPRINT }, { actor: 'ada' });
    expect((await get<TeamAnswer>('/api/teams/shop-platform', TeamAnswer)).incidents).toEqual([]);
  });
});
