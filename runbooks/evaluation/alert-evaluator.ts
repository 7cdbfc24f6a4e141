import {
  type AlertEventRecord,
  type AlertRule,
  type Clock,
  type Database,
  type EpochMs,
  type EventLog,
  type FiredAlert,
  HEADERS,
  messageOf,
  type NewRecord,
  type RecordHeaders,
  type StateWrite,
  TOPICS,
} from '#core';
import {
  type AlertMemory,
  liveWrite,
  loadAlertMemory,
  type ResolvedMemory,
  resolvedKeyOf,
  resolvedWrite,
} from './alert-memory.ts';
import { alertEventOf, firedAlertOf } from './fired-alert.ts';
import { measure } from './rule-query.ts';
import { isSameState, type Patience, type SeriesState, stepSeries } from './series-state.ts';
import { type CountSlos, type SloCount, SloTotals } from './slo-totals.ts';
import { withdrawnAlertOf, withdrawnEventOf } from './withdrawn-alert.ts';

export interface AlertEvaluatorDeps {
  readonly database: Database;
  readonly log: Pick<EventLog, 'commit' | 'readState'>;
  readonly clock: Clock;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly rules: readonly AlertRule[];
  /** Between the beginnings of two rounds, ms. */
  readonly everyMs: number;
  /** The base of links, without a slash at its end. */
  readonly publicUrl: () => string;
  /** What fires and what was just resolved, after each round: to be taken again and again without harm. */
  readonly onRound: (alerts: readonly FiredAlert[]) => Promise<void>;
  /** What `counts` adds up. Default: nothing. */
  readonly countSlos?: CountSlos;
}

/** How a rule is doing. */
export interface RuleState {
  readonly rule: AlertRule;
  readonly evaluatedAtMs: EpochMs | null;
  /** Why it could not be evaluated last; its series stand still meanwhile. */
  readonly problem: string | null;
  /** The largest value of the last round. */
  readonly value: number | null;
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
  readonly series: readonly SeriesState[];
}

/** A resolved alert is told so long: whoever missed it once hears it again. */
const TELL_RESOLVED_ROUNDS = 3;
const KEEP_ROUNDS = 2;
const GAP_ROUNDS = 4;
/** After so many rounds a moment's records are stored, and can be counted. */
const SETTLE_ROUNDS = 2;
const JSON_HEADERS: RecordHeaders = { [HEADERS.contentType]: 'application/json' };

/** What a round found out, before it is durable. */
interface Findings {
  readonly state: StateWrite[];
  readonly records: NewRecord[];
  readonly live: Map<string, ReadonlyMap<string, SeriesState>>;
  readonly resolved: Map<string, ResolvedMemory>;
}

interface RuleMemory {
  evaluatedAtMs: EpochMs | null;
  problem: string | null;
  values: RuleState['values'];
}

/**
 * Evaluates alert rules in rounds, one statement after the other. What is pending or fires is durable with its record on
 * TOPICS.alerts, in one commit a round: a restart goes on with the same start, and an alert whose rule or series is gone is resolved. A
 * rule that cannot be evaluated stands still: a store that is away is not 'no data'.
 */
export class AlertEvaluator {
  readonly #deps: AlertEvaluatorDeps;
  readonly #rules = new Map<string, RuleMemory>();
  readonly #totals: SloTotals;
  #memory: AlertMemory = { live: new Map(), resolved: new Map() };
  #rounds = 0;
  #problem: string | undefined;

  constructor(deps: AlertEvaluatorDeps) {
    this.#deps = deps;
    this.#totals = new SloTotals(deps.countSlos ?? (async () => []), SETTLE_ROUNDS * deps.everyMs);
    for (const { id } of deps.rules) this.#rules.set(id, { evaluatedAtMs: null, problem: null, values: [] });
  }

  /** Rounds that were made since the start, and what kept the last one from being told, or from counting. */
  get state(): { readonly rounds: number; readonly problem: string | undefined } {
    return { rounds: this.#rounds, problem: this.#problem ?? this.#totals.problem };
  }

  /** Events of each SLO since this process began. */
  counts(): readonly SloCount[] {
    return this.#totals.totals();
  }

  ruleStates(): readonly RuleState[] {
    return this.#deps.rules.map((rule) => {
      const { evaluatedAtMs, problem, values } = this.#rules.get(rule.id) ?? { evaluatedAtMs: null, problem: null, values: [] };
      const value = values.length === 0 ? null : Math.max(...values.map((one) => one.value));
      return { rule, evaluatedAtMs, problem, value, values, series: [...(this.#memory.live.get(rule.id)?.values() ?? [])] };
    });
  }

  /** Reads what an earlier process left, then makes rounds until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, everyMs, log, wait } = this.#deps;
    this.#memory = await loadAlertMemory(log);
    while (!signal.aborted) {
      const beganUs = clock.monotonicUs();
      try {
        await this.round(signal);
        this.#problem = undefined;
      } catch (error) {
        if (!signal.aborted) this.#problem = messageOf(error);
      }
      const tookMs = (clock.monotonicUs() - beganUs) / 1000;
      await wait(Math.max(everyMs / 4, everyMs - tookMs), signal);
    }
  }

  /** One round. Throws BROKER_* where it cannot be made durable (then nothing has changed), and what `onRound` throws. */
  async round(signal: AbortSignal): Promise<void> {
    const findings: Findings = { state: [], records: [], live: new Map(), resolved: new Map() };
    for (const rule of this.#deps.rules) {
      if (signal.aborted) return;
      await this.#evaluate(rule, findings, signal);
    }
    if (signal.aborted) return;
    this.#withdrawGoneRules(findings);
    const forgotten = this.#longResolved();
    const state = [...findings.state, ...forgotten.map((key) => resolvedWrite(key, undefined))];
    if (state.length + findings.records.length > 0) await this.#deps.log.commit({ state, records: findings.records });
    this.#adopt(findings, forgotten);
    this.#rounds += 1;
    await this.#totals.advance(this.#deps.clock.now(), signal);
    await this.#deps.onRound(this.alerts());
  }

  /** What fires now, and what was resolved lately. */
  alerts(): readonly FiredAlert[] {
    const publicUrl = this.#deps.publicUrl();
    const firing = this.#deps.rules.flatMap((rule) =>
      [...(this.#memory.live.get(rule.id)?.values() ?? [])]
        .filter(({ phase }) => phase === 'firing')
        .map((series) => firedAlertOf(rule, { state: 'firing', series, publicUrl })),
    );
    return [...firing, ...[...this.#memory.resolved.values()].map(({ alert }) => alert)];
  }

  async #evaluate(rule: AlertRule, findings: Findings, signal: AbortSignal): Promise<void> {
    const { clock, database } = this.#deps;
    const nowMs = clock.now();
    const before = this.#memory.live.get(rule.id) ?? new Map<string, SeriesState>();
    const memory = this.#rules.get(rule.id);
    if (memory === undefined) return;
    try {
      const known = new Set(before.keys());
      const { samples, problem } = await measure({ database, rule, nowMs, signal, known });
      const { states, transitions } = stepSeries(before, { nowMs, samples, patience: this.#patience(rule) });
      findings.live.set(rule.id, states);
      for (const fingerprint of new Set([...before.keys(), ...states.keys()]))
        if (!isSameState(before.get(fingerprint), states.get(fingerprint)))
          findings.state.push(liveWrite(rule.id, fingerprint, states.get(fingerprint)));
      for (const transition of transitions) {
        findings.records.push(recordOf(alertEventOf(rule, transition, nowMs)));
        if (transition.state === 'resolved')
          remember(findings, firedAlertOf(rule, { ...transition, publicUrl: this.#deps.publicUrl() }), nowMs);
      }
      memory.evaluatedAtMs = nowMs;
      memory.problem = problem ?? null;
      memory.values = samples.flatMap(({ labels, value }) => (value === null ? [] : [{ labels, value }]));
    } catch (error) {
      if (!signal.aborted) memory.problem = messageOf(error);
    }
  }

  /** A rule that the workspace does not have any more: what fired by it is over. */
  #withdrawGoneRules(findings: Findings): void {
    const nowMs = this.#deps.clock.now();
    for (const [ruleId, states] of this.#memory.live) {
      if (this.#rules.has(ruleId)) continue;
      findings.live.set(ruleId, new Map());
      for (const series of states.values()) {
        findings.state.push(liveWrite(ruleId, series.fingerprint, undefined));
        if (series.phase === 'pending') continue;
        findings.records.push(recordOf(withdrawnEventOf(ruleId, series, nowMs)));
        remember(findings, withdrawnAlertOf(series, nowMs), nowMs);
      }
    }
  }

  /** Keys of what was resolved long enough ago. */
  #longResolved(): readonly string[] {
    const olderThanMs = this.#deps.clock.now() - TELL_RESOLVED_ROUNDS * this.#deps.everyMs;
    return [...this.#memory.resolved].filter(([, { atMs }]) => atMs < olderThanMs).map(([key]) => key);
  }

  /** Believes what is durable now. */
  #adopt({ live, resolved }: Findings, forgotten: readonly string[]): void {
    for (const [ruleId, states] of live) {
      if (states.size > 0) this.#memory.live.set(ruleId, new Map(states));
      else this.#memory.live.delete(ruleId);
    }
    for (const key of forgotten) this.#memory.resolved.delete(key);
    for (const [key, entry] of resolved) this.#memory.resolved.set(key, entry);
  }

  #patience({ forMs }: AlertRule): Patience {
    const { everyMs } = this.#deps;
    return { forMs, keepMs: Math.max(forMs, KEEP_ROUNDS * everyMs), gapMs: Math.max(forMs, GAP_ROUNDS * everyMs) };
  }
}

function recordOf(event: AlertEventRecord): NewRecord {
  return { topic: TOPICS.alerts, partition: 0, headers: JSON_HEADERS, value: JSON.stringify(event) };
}

function remember({ state, resolved }: Findings, alert: FiredAlert, atMs: EpochMs): void {
  const key = resolvedKeyOf(alert);
  resolved.set(key, { atMs, alert });
  state.push(resolvedWrite(key, { atMs, alert }));
}
