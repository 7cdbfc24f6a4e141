import { Value } from 'typebox/value';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONTROL_TYPES, HEADERS, IncidentAnswer, IncidentList, ManualClock, TOPICS } from '#core';
import { incidentText } from '../../../app/cli/incident-text.ts';
import { loadWorkspace, type Workspace } from '../../../app/config/index.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { recordsOf } from '../../support/topic-contents.ts';
import { BAD_MS, FINGERPRINT, MADE_END_MS, refusalAlert, serveOperations, storeRefusals } from './operations-server.ts';

const { database } = telemetryForFile();
let workspace: Workspace | undefined;

beforeAll(async () => {
  workspace = await loadWorkspace('examples/retail');
  await storeRefusals(database());
}, 60_000);

const URL_OF = `/api/incidents/${FINGERPRINT}`;

/** A server with one incident, investigated on the made history. */
async function serveIncident(store = true) {
  const clock = new ManualClock(MADE_END_MS);
  const served = await serveOperations(workspace ?? expect.fail(), store ? database() : undefined, clock);
  await served.incidents.take([refusalAlert()]);
  await served.incidents.settled();
  return { ...served, clock };
}

/** What `throughline diagnose` prints of it: all parts, and no line that a terminal would break. */
function expectPrintable(answer: IncidentAnswer): void {
  const text = incidentText(answer, 'http://127.0.0.1:7070');
  for (const part of [
    'Impact',
    'Diagnosis',
    'First checks',
    'Mitigations',
    'Exemplars',
    'would prove it wrong',
    'shop-platform@',
    'source=/shop/germany',
  ])
    expect(text).toContain(part);
  expect(text.split('\n').filter((line) => line.length > 100 && !/https?:\/\//u.test(line))).toEqual([]);
}

describe('GET /api/incidents/:fingerprint', () => {
  test('tells what broke, since when, why, who answers for it, and what to do', async () => {
    const { get } = await serveIncident();
    const answer = await get<IncidentAnswer>(URL_OF, IncidentAnswer);
    expect(answer).toMatchObject({
      incident: {
        alert: 'QuarantineGrowing',
        state: 'open',
        severity: 'ticket',
        startsAt: new Date(BAD_MS + 60_000).toISOString(),
        endsAt: null,
        owner: { name: 'shop-platform', contact: 'shop-platform@example.com' },
      },
      cohorts: { good: expect.anything(), bad: expect.anything() },
      runbook: { alert: 'QuarantineGrowing', mitigations: expect.any(Array) },
      links: { runbook: '/runbooks/QuarantineGrowing', dashboard: '/d/throughline-contract?viewPanel=2' },
    });
    expect(answer.impact).not.toEqual([]);
    expect(answer.diagnosis).toMatchObject({ verdict: 'found', hypotheses: [{ cause: 'contract_break' }] });
    expect(answer.runbook?.checks.map(({ query, answer: said }) => [query, said])).toEqual([
      ['refused', 'yes'],
      ['one_producer', 'yes'],
      ['reasons', 'yes'],
      ['changes', 'no'],
      ['event_types', 'no'],
    ]);
    expect(answer.exemplars.length).toBeGreaterThanOrEqual(3);
    expect(answer.exemplars[0]).toMatchObject({
      event: { source: '/shop/germany', type: 'basket.updated' },
      fate: 'quarantined',
      note: 'quarantined: contract: /price unknown',
      endToEndMs: null,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/u),
    });
    expect(answer.audit.map(({ kind }) => kind)).toEqual(['opened', 'diagnosed']);
    expectPrintable(answer);
  });

  test('names the incident of a start, and the earlier ones of its fingerprint', async () => {
    const { get, problem, incidents } = await serveIncident(false);
    const startsAtMs = BAD_MS + 120_000;
    await incidents.take([refusalAlert({ startsAtMs })]);
    await incidents.settled();
    const newest = await get<IncidentAnswer>(URL_OF, IncidentAnswer);
    const first = await get<IncidentAnswer>(`${URL_OF}?startsAt=${new Date(BAD_MS + 60_000).toISOString()}`, IncidentAnswer);
    expect([newest.incident.startsAt, first.incident.endsAt]).toEqual(Array(2).fill(new Date(startsAtMs).toISOString()));
    expect(newest.earlier.map(({ startsAt }) => startsAt)).toEqual([first.incident.startsAt]);
    expect((await get<IncidentList>('/api/incidents', IncidentList)).incidents.map(({ startsAt }) => startsAt)).toEqual([
      newest.incident.startsAt,
      first.incident.startsAt,
    ]);
    expect(await problem(`${URL_OF}?startsAt=2026-01-01T00:00:00Z`)).toMatchObject({
      status: 404,
      code: 'RUNBOOK_INCIDENT_UNKNOWN',
    });
  });

  test('is there without a store, and says that it is not investigated yet', async () => {
    const { get } = await serveIncident(false);
    expect(await get<IncidentAnswer>(URL_OF, IncidentAnswer)).toMatchObject({
      incident: { firstHypothesis: null },
      diagnosis: null,
      impact: ['the telemetry store is not there; the incident is investigated when it is'],
      runbook: { checks: [] },
    });
  });

  test('refuses what it cannot answer, and says what there is', async () => {
    const { problem } = await serveIncident(false);
    const cases = [
      ['/api/incidents/00000000000000ab', 404, 'RUNBOOK_INCIDENT_UNKNOWN', /open are 00000000000000aa \(QuarantineGrowing\)/u],
      ['/api/incidents/xyz', 400, 'APP_REQUEST_INVALID', /'fingerprint' in the path/u],
      [`${URL_OF}?at=1`, 400, 'APP_REQUEST_INVALID', /did you mean|it takes startsAt/u],
    ] as const;
    for (const [url, status, code, message] of cases)
      expect(await problem(url)).toEqual({ status, code, message: expect.stringMatching(message) });
  });
});

describe('POST /api/incidents/:fingerprint/…', () => {
  test('acknowledges, declares the cause and resolves: each an audited change with its actor', async () => {
    const { post, log, clock } = await serveIncident();
    clock.advance(1000);
    const steps = [
      await post(`${URL_OF}/acknowledge`, { actor: 'ada' }),
      await post(`${URL_OF}/cause`, { actor: 'ada', cause: 'Germany renamed the price', hypothesis: 1 }),
      await post(`${URL_OF}/resolve`, { actor: 'bob', note: 'taken back' }),
    ];
    expect(steps.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const { answer } of steps) expect([...Value.Errors(IncidentAnswer, answer)]).toEqual([]);
    expect(steps.at(-1)?.answer).toMatchObject({
      incident: { state: 'resolved', acknowledgedBy: 'ada', declaredCause: { cause: 'Germany renamed the price', actor: 'ada' } },
    });
    const types = (await recordsOf(log, TOPICS.control)).map(({ headers }) => headers[HEADERS.type]);
    const { incidentOpened, incidentAcknowledged, incidentCauseDeclared, incidentResolved } = CONTROL_TYPES;
    expect(types).toEqual([incidentOpened, incidentAcknowledged, incidentCauseDeclared, incidentResolved]);
    expect(await post(`${URL_OF}/resolve`, { actor: 'ada' })).toMatchObject({
      status: 409,
      answer: { code: 'RUNBOOK_INCIDENT_RESOLVED' },
    });
  });

  test('refuses what is not asked as it should be, or of what there is not', async () => {
    const { post, log } = await serveIncident(false);
    const cases = [
      ['acknowledge', {}, 400, 'APP_REQUEST_INVALID'],
      ['acknowledge', { actor: '' }, 400, 'APP_REQUEST_INVALID'],
      ['cause', { actor: 'ada' }, 400, 'APP_REQUEST_INVALID'],
      ['cause', { actor: 'ada', cause: 'c', hypothesis: 9 }, 422, 'RUNBOOK_HYPOTHESIS_UNKNOWN'],
      ['resolve', { actor: 'ada', startsAt: '2026-01-01T00:00:00Z' }, 404, 'RUNBOOK_INCIDENT_UNKNOWN'],
      ['resolve', { actor: 'ada', nte: 'n' }, 400, 'APP_REQUEST_INVALID'],
    ] as const;
    for (const [step, body, status, code] of cases)
      expect(await post(`${URL_OF}/${step}`, body)).toMatchObject({ status, answer: { code } });
    expect(await recordsOf(log, TOPICS.control)).toHaveLength(1);
  });
});
