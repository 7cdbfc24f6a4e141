import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type AlertRule, type Clock, ManualClock, type ReceiptRecord, systemClock, TOPICS } from '#core';
import { prometheusRules } from '#dashboards';
import { AlertEvaluator, createAlertRules, createSloCounts, type RuleState } from '#runbooks';
import { openEmbeddedLog } from '#runtime';
import { loadWorkspace } from '../../../app/config/index.ts';
import { dashboardFiles } from '../../../app/dashboard-files.ts';
import { metricsText } from '../../../app/views/metrics-text.ts';
import { alertFile, PIPELINE, sloFile } from '../../runbooks/rule-fixture.ts';
import { storeTraffic } from '../../support/made-history.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { promtoolPath } from './debian-programs.ts';

const MINUTE_MS = 60_000;
const ROUNDS = 90;
/** All baskets are refused in these minutes. */
const BAD = { from: 30, to: 50 } as const;
/** Counters tell a moment two rounds later, and Prometheus sees them at the next one. */
const COUNTER_ROUNDS = 3;
const END_MS = Math.floor(systemClock.now() / MINUTE_MS) * MINUTE_MS;
const START_MS = END_MS - ROUNDS * MINUTE_MS;

const { database } = telemetryForFile();
const slos = [sloFile('contract', { objective: 0.99 })];
const alerts = [alertFile('QuarantineGrowing'), alertFile('Watchdog', { severity: 'none' })];
const rules: readonly AlertRule[] = createAlertRules({ slos, alerts, pipelines: [PIPELINE] });

const promtool = (folder: string, ...words: readonly string[]): string =>
  execFileSync(promtoolPath(), words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** What the embedded evaluator said after each round, and what GET /metrics told. */
interface Played {
  readonly states: readonly RuleState[];
  readonly metrics: ReadonlyMap<string, string>;
}

function samplesOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
}

async function play(): Promise<readonly Played[]> {
  const clock = new ManualClock(START_MS);
  const still: Clock = { now: () => clock.now(), monotonicUs: () => 0 };
  const folder = await mkdtemp(join(tmpdir(), 'throughline-alerts-'));
  const log = await openEmbeddedLog({ folder, clock });
  await log.createTopic({ name: TOPICS.alerts, partitions: 1, retention: {} });
  const evaluator = new AlertEvaluator({
    database: database(),
    log,
    clock: still,
    wait: async () => undefined,
    rules,
    everyMs: MINUTE_MS,
    publicUrl: () => '',
    onRound: async () => undefined,
    countSlos: createSloCounts({ database: database(), slos, pipelines: [PIPELINE], scale: 1 }),
  });
  const played: Played[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await evaluator.round(new AbortController().signal);
    const states = evaluator.ruleStates();
    played.push({ states, metrics: samplesOf(metricsText(evaluator.counts(), states)) });
    clock.advance(MINUTE_MS);
  }
  await log.close();
  await rm(folder, { recursive: true, force: true });
  return played;
}

/** A series as promtool takes it: a value a minute; one that is gone is marked stale, as a scrape marks it. */
function inputSeries(played: readonly Played[]): readonly object[] {
  const names = new Set(played.flatMap(({ metrics }) => [...metrics.keys()]));
  return [...names].map((series) => {
    const values = played.map(({ metrics }, round) => {
      const value = metrics.get(series);
      if (value !== undefined) return value;
      return played[round - 1]?.metrics.has(series) === true ? 'stale' : '_';
    });
    return { series, values: values.join(' ') };
  });
}

/** As Go's %.4g writes the figures that there are here. */
const figure = (value: number | null): string => (value === null ? '' : String(Number(value.toPrecision(4))));

function expectedAlerts(state: RuleState): readonly object[] {
  const { rule, series } = state;
  return series
    .filter(({ phase }) => phase === 'firing')
    .map(({ labels: all, value }) => {
      const labels = Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'alertname'));
      const text = (template: string): string =>
        template.replaceAll(/\{(\w+)\}/gu, (place, name: string) => (name === 'value' ? figure(value) : (labels[name] ?? place)));
      return {
        exp_labels: labels,
        exp_annotations: {
          summary: text(rule.summary),
          description: text(rule.description),
          owner: rule.owner,
          __dashboardUid__: rule.panel.dashboardUid,
          __panelId__: String(rule.panel.panelId),
        },
      };
    });
}

/** Whether anything of a rule fires, by round. */
const firingRounds = (played: readonly Played[], id: string): readonly boolean[] =>
  played.map(({ states }) => states.some(({ rule, series }) => rule.id === id && series.some(({ phase }) => phase === 'firing')));

describe('Prometheus', () => {
  let played: readonly Played[] = [];

  beforeAll(async () => {
    const step = { stepMs: 10_000, decisions: 2, receipts: 10 } as const;
    const minute = (at: number): number => START_MS + at * MINUTE_MS;
    const refused = (record: ReceiptRecord): ReceiptRecord =>
      record.event.type === 'basket.updated'
        ? { ...record, fate: 'quarantined', reason: 'contract: /price unknown', detail: 'price is not a property here' }
        : record;
    await storeTraffic(database(), { ...step, fromMs: minute(0), toMs: minute(BAD.from) });
    await storeTraffic(database(), { ...step, fromMs: minute(BAD.from), toMs: minute(BAD.to), receipt: refused, seed: 2 });
    await storeTraffic(database(), { ...step, fromMs: minute(BAD.to), toMs: END_MS, seed: 3 });
    played = await play();
  });

  it('takes the rules of the bundled workspace', async () => {
    const folder = await temporaryFolder();
    const text = dashboardFiles(await loadWorkspace('examples/retail')).get('prometheus/throughline-rules.yaml') ?? '';
    await writeFile(join(folder, 'rules.yaml'), text);
    expect(promtool(folder, 'check', 'rules', 'rules.yaml')).toMatch(/SUCCESS: \d{2} rules found/u);
  });

  it('reads what GET /metrics tells', async () => {
    const { counts, states } = {
      counts: [{ slo: 'a', pipeline: 'b"\n\\', events: 1, bad: 0 }],
      states: played.at(-1)?.states ?? [],
    };
    const input = metricsText(counts, states);
    const check = (): string => execFileSync(promtoolPath(), ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(check()).toBe('');
  });

  it('fires by the same history in the same minutes, with the same labels and words, and is resolved', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'rules.yaml'), prometheusRules(rules, { keepMs: 2 * MINUTE_MS }));
    const quarantine = firingRounds(played, 'quarantine-growing');
    expect([quarantine.includes(true), quarantine.at(-1)]).toEqual([true, false]);
    const alertTests = played.flatMap(({ states }, round) =>
      states
        .filter(({ rule }) => rule.slo === undefined)
        .map((state) => ({ eval_time: `${round}m`, alertname: state.rule.alert, exp_alerts: expectedAlerts(state) })),
    );
    const tests = [{ interval: '1m', input_series: inputSeries(played), alert_rule_test: alertTests }];
    await writeFile(
      join(folder, 'test.yaml'),
      stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }, { lineWidth: 0 }),
    );
    expect(promtool(folder, 'test', 'rules', 'test.yaml')).toContain('SUCCESS');
  });

  it('burns error budgets by our counters as we do by our tables, a few rounds later', async () => {
    const folder = await temporaryFolder();
    const page = rules.find(({ slo, severity }) => slo !== undefined && severity === 'page') ?? expect.fail();
    const file = prometheusRules([page], { keepMs: 2 * MINUTE_MS });
    // Its figures are not ours to the last digit.
    await writeFile(join(folder, 'rules.yaml'), file.replaceAll(/\{\{ printf [^}]+\}\}/gu, 'N'));
    const fires = firingRounds(played, page.id);
    expect([fires.includes(true), fires.at(-1)]).toEqual([true, false]);
    const alertTests = fires.flatMap((_, round) => {
      const lately = new Set(fires.slice(Math.max(0, round - COUNTER_ROUNDS), round + 1));
      if (lately.size > 1) return [];
      const exp_alerts = expectedAlerts({ ...(stateOf(round, page.id) ?? expect.fail()) }).map(
        (alert) => JSON.parse(JSON.stringify(alert).replace(/is spent \S+ times/u, 'is spent N times')) as object,
      );
      return [{ eval_time: `${round}m`, alertname: page.alert, exp_alerts: lately.has(true) ? exp_alerts : [] }];
    });
    expect(alertTests.filter(({ exp_alerts }) => exp_alerts.length > 0).length).toBeGreaterThan(0);
    const tests = [{ interval: '1m', input_series: inputSeries(played), alert_rule_test: alertTests }];
    await writeFile(
      join(folder, 'test.yaml'),
      stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }, { lineWidth: 0 }),
    );
    expect(promtool(folder, 'test', 'rules', 'test.yaml')).toContain('SUCCESS');
  });

  const stateOf = (round: number, id: string): RuleState | undefined => played[round]?.states.find(({ rule }) => rule.id === id);
});
