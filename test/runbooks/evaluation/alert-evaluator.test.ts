import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type AlertEventRecord,
  type AlertRule,
  type Clock,
  type Commit,
  type Database,
  type EventLog,
  type FiredAlert,
  ManualClock,
  TOPICS,
} from '#core';
import { AlertEvaluator } from '#runbooks';
import { openEmbeddedLog } from '#runtime';
import { telemetryForFile } from '../../support/telemetry.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordsOf } from '../../support/topic-contents.ts';

const EVERY_MS = 1000;
const START_MS = Date.UTC(2026, 0, 1);

/** When a series is over its threshold of 1: rounds, the last one exclusive. */
type History = readonly (readonly [series: string, from: number, to: number])[];

/** A rule whose statement has its history in it: the real ClickHouse answers what was so at {nowMs:Int64}. */
function ruleOf(id: string, history: History, parts: Partial<AlertRule> = {}): AlertRule {
  const rows = history.map(([series, from, to]) => `('${series}', ${START_MS + from * EVERY_MS}, ${START_MS + to * EVERY_MS})`);
  return {
    id,
    alert: 'ConsumerGroupLagging',
    severity: 'page',
    pipeline: 'made',
    owner: 'growth',
    labels: { severity: 'page', pipeline: 'made', rule: id },
    labelColumns: ['series'],
    summary: '{series} of {pipeline} is at {value}',
    description: 'Made.',
    sql: `SELECT series, toFloat64(7.5) AS value FROM values('series String, from_ms Int64, to_ms Int64', ${rows.join(', ')})
WHERE {nowMs:Int64} >= from_ms AND {nowMs:Int64} < to_ms`,
    threshold: 1,
    forMs: 2 * EVERY_MS,
    noData: 'ok',
    promql: '1',
    panel: { dashboardUid: 'made', panelId: 3 },
    ...parts,
  };
}

const RULES: readonly AlertRule[] = [
  // Fires, has a gap that is shorter than what keeps it up, is resolved, and fires again.
  ruleOf('lag', [
    ['a', 1, 5],
    ['a', 6, 9],
    ['a', 13, 20],
    ['b', 2, 3],
  ]),
  ruleOf('at-once', [['c', 3, 6]], { forMs: 0 }),
  ruleOf('silent', [['', 0, 10]], { noData: 'firing', labelColumns: [], threshold: 100, forMs: 0 }),
];
const ROUNDS = 24;

interface Parts {
  readonly database?: Database;
  readonly log?: Pick<EventLog, 'commit' | 'readState'>;
  readonly rules?: readonly AlertRule[];
  readonly onRound?: (alerts: readonly FiredAlert[]) => Promise<void>;
}

const store = telemetryForFile();

/** A log in a folder of its own, which can be closed and opened again; and a clock that its evaluators share. */
async function openPlace() {
  const folder = await temporaryFolder();
  const clock = new ManualClock(START_MS);
  let log = await openEmbeddedLog({ folder, clock });
  await log.createTopic({ name: TOPICS.alerts, partitions: 1, retention: {} });
  onTestFinished(() => log.close());
  return {
    clock,
    log: () => log,
    async restart() {
      await log.close();
      log = await openEmbeddedLog({ folder, clock });
    },
    /** A new evaluator makes so many rounds. */
    async play(rounds: number, parts: Parts = {}): Promise<AlertEvaluator> {
      const abort = new AbortController();
      let made = 0;
      const wait = async (): Promise<void> => {
        clock.advance(EVERY_MS);
        made += 1;
        if (made >= rounds) abort.abort();
      };
      const evaluator = evaluatorOf({ clock, wait, log, ...parts });
      await evaluator.run(abort.signal);
      return evaluator;
    },
  };
}

function evaluatorOf({
  clock,
  wait,
  log,
  database = store.database(),
  rules = RULES,
  onRound = async () => undefined,
}: Parts & {
  readonly clock: Clock;
  readonly wait: () => Promise<void>;
  readonly log: Pick<EventLog, 'commit' | 'readState'>;
}): AlertEvaluator {
  // What follows from no time that passes here.
  const still: Clock = { now: () => clock.now(), monotonicUs: () => 0 };
  const publicUrl = (): string => 'http://localhost:7070';
  return new AlertEvaluator({ database, log, clock: still, wait, rules, everyMs: EVERY_MS, publicUrl, onRound });
}

/** The same question has the same answer here; the store is asked it once. */
function askedOnce(database: Database): Database {
  const answers = new Map<string, Promise<readonly unknown[]>>();
  const query = <Row>(sql: string, options: Parameters<Database['query']>[1]) => {
    const key = `${JSON.stringify(options?.params)} ${sql}`;
    const answer = answers.get(key) ?? database.query(sql, options);
    answers.set(key, answer);
    return answer as Promise<readonly Row[]>;
  };
  return { query, insert: (rows) => database.insert(rows), command: (sql) => database.command(sql) };
}

async function eventsOf(log: EventLog): Promise<readonly string[]> {
  const records = await recordsOf(log, TOPICS.alerts);
  return records.map(({ value }) => {
    const event = JSON.parse(new TextDecoder().decode(value)) as AlertEventRecord;
    const round = (ms: number): number => (ms - START_MS) / EVERY_MS;
    const name = `${event.ruleId}/${event.labels['series'] ?? '-'}`;
    return `${round(event.atMs)} ${name} ${event.state} since ${round(event.startsAtMs)}`;
  });
}

const EXPECTED = [
  '3 lag/a firing since 1',
  '3 at-once/c firing since 3',
  '8 at-once/c resolved since 3',
  '10 silent/- firing since 10',
  '11 lag/a resolved since 1',
  '15 lag/a firing since 13',
  '22 lag/a resolved since 13',
];

const alertKey = ({ labels, status, startsAtMs }: FiredAlert): string =>
  `${labels['rule']}/${labels['series'] ?? '-'} ${status} ${(startsAtMs - START_MS) / EVERY_MS}`;

describe('AlertEvaluator', () => {
  it('fires after its time, is kept up over a gap, is resolved, and takes silence for a failure where that is said', async () => {
    const place = await openPlace();
    const told: string[] = [];
    const evaluator = await place.play(ROUNDS, {
      onRound: async (alerts) => {
        told.push(alerts.map(alertKey).sort().join(', '));
      },
    });
    expect(await eventsOf(place.log())).toEqual(EXPECTED);
    expect(told.slice(0, 4)).toEqual(['', '', '', 'at-once/c firing 3, lag/a firing 1']);
    expect(told[10]).toBe('at-once/c resolved 3, lag/a firing 1, silent/- firing 10');
    expect(told.at(-1)).toBe('lag/a resolved 13, silent/- firing 10');
    const [alert] = evaluator.alerts();
    expect(alert).toMatchObject({
      status: 'firing',
      labels: { alertname: 'ConsumerGroupLagging', rule: 'silent', pipeline: 'made', severity: 'page' },
      value: null,
      annotations: {
        summary: '{series} of made is at no data',
        runbook_url: 'http://localhost:7070/runbooks/ConsumerGroupLagging',
        incident_url: `http://localhost:7070/incidents/${alert?.fingerprint}?startsAt=2026-01-01T00%3A00%3A10.000Z`,
        owner: 'growth',
        __dashboardUid__: 'made',
        __panelId__: '3',
      },
    });
  });

  it('makes the same transitions, each once, wherever it is killed between rounds', async () => {
    const database = askedOnce(store.database());
    for (let kill = 1; kill < ROUNDS; kill += 1) {
      const place = await openPlace();
      await place.play(kill, { database });
      await place.restart();
      await place.play(ROUNDS - kill, { database });
      expect({ kill, events: await eventsOf(place.log()) }).toEqual({ kill, events: EXPECTED });
    }
  });

  it('tells again what it could not, also after a restart: what fires, and what was just resolved', async () => {
    const place = await openPlace();
    const dead = await place.play(12, { onRound: () => Promise.reject(new TypeError('nobody listens')) });
    expect(dead.state).toEqual({ rounds: 12, problem: 'nobody listens' });
    await place.restart();
    const told: string[] = [];
    await place.play(1, {
      onRound: async (alerts) => {
        told.push(...alerts.map(alertKey));
      },
    });
    expect(told).toEqual(['silent/- firing 10', 'lag/a resolved 1']);
  });

  it('believes nothing that is not durable: a commit that fails is made up for by the next round', async () => {
    const place = await openPlace();
    let refusals = 0;
    const commit = async (given: Commit) => {
      const isFirst = (given.records ?? []).length > 0 && refusals++ === 0;
      if (isFirst) throw new TypeError('the disk is full');
      return place.log().commit(given);
    };
    await place.play(ROUNDS, { log: { commit, readState: (name, partition) => place.log().readState(name, partition) } });
    expect(await eventsOf(place.log())).toEqual([
      '4 lag/a firing since 1',
      // It was not known to be over a round before.
      '4 at-once/c firing since 4',
      ...EXPECTED.slice(2).map((event) => event.replace('since 3', 'since 4')),
    ]);
  });

  it('stands still while the store is away: nothing is raised, nothing resolved', async () => {
    const place = await openPlace();
    await place.play(5);
    const before = await eventsOf(place.log());
    const away: Database = { ...store.database(), query: () => Promise.reject(new TypeError('the store is away')) };
    const evaluator = await place.play(5, { database: away });
    expect(await eventsOf(place.log())).toEqual(before);
    expect(evaluator.ruleStates().map(({ problem }) => problem)).toEqual(RULES.map(() => 'the store is away'));
    expect(evaluator.alerts().map(alertKey).sort()).toEqual(['at-once/c firing 3', 'lag/a firing 1']);
    await place.play(ROUNDS - 10);
    expect((await eventsOf(place.log())).slice(2)).toEqual([
      '10 silent/- firing since 10',
      '12 lag/a resolved since 1',
      '12 at-once/c resolved since 3',
      '15 lag/a firing since 13',
      '22 lag/a resolved since 13',
    ]);
  });

  it('goes on with the other rules where one fails, and says what is wrong with it', async () => {
    const place = await openPlace();
    const broken = ruleOf('broken', [['x', 0, 99]], { sql: 'SELECT nothing FROM nowhere' });
    const evaluator = await place.play(5, { rules: [broken, ...RULES] });
    expect(await eventsOf(place.log())).toEqual(EXPECTED.slice(0, 2));
    const [failed, lag] = evaluator.ruleStates();
    expect(failed).toMatchObject({ evaluatedAtMs: null, series: [], problem: expect.stringMatching(/UNKNOWN_TABLE/u) });
    expect(lag).toMatchObject({ problem: null, value: 7.5, series: [{ phase: 'firing', sinceMs: START_MS + EVERY_MS }] });
  });

  it('resolves what fires by a rule that is gone', async () => {
    const place = await openPlace();
    await place.play(5);
    await place.restart();
    const evaluator = await place.play(1, { rules: RULES.slice(1, 2) });
    expect((await eventsOf(place.log())).at(-1)).toBe('5 lag/a resolved since 1');
    expect(evaluator.alerts().map(alertKey)).toEqual(['at-once/c firing 3', 'lag/a resolved 1']);
  });

  it('looks at 100 series of a rule, first those that it knows, and says that there are more', async () => {
    const place = await openPlace();
    const sql = `SELECT concat('s', toString(number)) AS series, toFloat64(if({nowMs:Int64} = ${START_MS}, if(number = 0, 5, 0), 10 + number)) AS value FROM numbers(150)`;
    const evaluator = await place.play(2, { rules: [ruleOf('many', [['x', 0, 1]], { sql, forMs: 0 })] });
    const [state] = evaluator.ruleStates();
    expect(state?.problem).toBe('rule many has 150 series, and only 100 are looked at: let its statement group by less');
    const names = state?.series.map(({ labels }) => labels['series']) ?? [];
    expect(names).toHaveLength(100);
    expect(names).toEqual(expect.arrayContaining(['s0', 's149']));
    expect(names).not.toContain('s1');
  });
});
