import {
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
import { type AlertMemory, liveWrite, loadAlertMemory, resolvedKeyOf, resolvedWrite } from './alert-memory.ts';
import { alertEventOf, firedAlertOf } from './fired-alert.ts';
import { measure } from './rule-query.ts';
import { isSameState, type Patience, type SeriesState, stepSeries, type Transition } from './series-state.ts';

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
const JSON_HEADERS: RecordHeaders = { [HEADERS.contentType]: 'application/json' };

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
  #memory: AlertMemory = { live: new Map(), resolved: new Map() };
  #rounds = 0;
  #problem: string | undefined;

  constructor(deps: AlertEvaluatorDeps) {
    this.#deps = deps;
    for (const { id } of deps.rules) this.#rules.set(id, { evaluatedAtMs: null, problem: null, values: [] });
  }

  /** Rounds that were made since the start, and what kept the last one from being told. */
  get state(): { readonly rounds: number; readonly problem: string | undefined } {
    return { rounds: this.#rounds, problem: this.#problem };
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

  /** One round. Throws BROKER_* where it cannot be made durable, and what `onRound` throws. */
  async round(signal: AbortSignal): Promise<void> {
    const state: StateWrite[] = [];
    const records: NewRecord[] = [];
    for (const rule of this.#deps.rules) {
      if (signal.aborted) return;
      await this.#evaluate(rule, { signal, state, records });
    }
    this.#forgetGoneRules(state);
    this.#forgetResolved(state);
    if (state.length > 0 || records.length > 0) await this.#deps.log.commit({ state, records });
    this.#rounds += 1;
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

  async #evaluate(
    rule: AlertRule,
    round: { readonly signal: AbortSignal; readonly state: StateWrite[]; readonly records: NewRecord[] },
  ): Promise<void> {
    const { clock, database } = this.#deps;
    const nowMs = clock.now();
    const before = this.#memory.live.get(rule.id) ?? new Map<string, SeriesState>();
    const memory = this.#rules.get(rule.id);
    try {
      const known = new Set(before.keys());
      const { samples, problem } = await measure({ database, rule, nowMs, signal: round.signal, known });
      const { states, transitions } = stepSeries(before, { nowMs, samples, patience: this.#patience(rule) });
      this.#memory.live.set(rule.id, new Map(states));
      for (const fingerprint of new Set([...before.keys(), ...states.keys()]))
        if (!isSameState(before.get(fingerprint), states.get(fingerprint)))
          round.state.push(liveWrite(rule.id, fingerprint, states.get(fingerprint)));
      for (const transition of transitions) this.#tell(rule, transition, { ...round, nowMs });
      if (memory === undefined) return;
      memory.evaluatedAtMs = nowMs;
      memory.problem = problem ?? null;
      memory.values = samples.flatMap(({ labels, value }) => (value === null ? [] : [{ labels, value }]));
    } catch (error) {
      if (memory !== undefined && !round.signal.aborted) memory.problem = messageOf(error);
    }
  }

  #tell(
    rule: AlertRule,
    transition: Transition,
    { state, records, nowMs }: { readonly state: StateWrite[]; readonly records: NewRecord[]; readonly nowMs: EpochMs },
  ): void {
    const value = JSON.stringify(alertEventOf(rule, transition, nowMs));
    records.push({ topic: TOPICS.alerts, partition: 0, headers: JSON_HEADERS, value });
    if (transition.state !== 'resolved') return;
    const alert = firedAlertOf(rule, { ...transition, publicUrl: this.#deps.publicUrl() });
    this.#remember(alert, nowMs, state);
  }

  #remember(alert: FiredAlert, atMs: EpochMs, state: StateWrite[]): void {
    const key = resolvedKeyOf(alert);
    this.#memory.resolved.set(key, { atMs, alert });
    state.push(resolvedWrite(key, { atMs, alert }));
  }

  #forgetResolved(state: StateWrite[]): void {
    const olderThanMs = this.#deps.clock.now() - TELL_RESOLVED_ROUNDS * this.#deps.everyMs;
    for (const [key, { atMs }] of this.#memory.resolved) {
      if (atMs >= olderThanMs) continue;
      this.#memory.resolved.delete(key);
      state.push(resolvedWrite(key, undefined));
    }
  }

  /** A rule that the workspace does not have any more: what fired by it is over. */
  #forgetGoneRules(state: StateWrite[]): void {
    for (const [ruleId, series] of this.#memory.live) {
      if (this.#rules.has(ruleId)) continue;
      for (const one of series.values()) {
        state.push(liveWrite(ruleId, one.fingerprint, undefined));
        if (one.phase === 'firing') this.#remember(goneAlert(one, this.#deps.clock.now()), this.#deps.clock.now(), state);
      }
      this.#memory.live.delete(ruleId);
    }
  }

  #patience({ forMs }: AlertRule): Patience {
    const { everyMs } = this.#deps;
    return { forMs, keepMs: Math.max(forMs, KEEP_ROUNDS * everyMs), gapMs: Math.max(forMs, GAP_ROUNDS * everyMs) };
  }
}

function goneAlert({ fingerprint, labels, sinceMs, value }: SeriesState, nowMs: EpochMs): FiredAlert {
  const annotations = { summary: 'Its rule is gone from the workspace.' };
  const identity = { fingerprint, startsAtMs: sinceMs, endsAtMs: nowMs };
  return { ...identity, status: 'resolved', labels, annotations, value, origin: 'throughline' };
}
