import {
  type Clock,
  CONTROL_TYPES,
  type EpochMs,
  type EventLog,
  type FiredAlert,
  type NewRecord,
  STORES,
  type StateWrite,
} from '#core';
import { runbookError } from '../errors.ts';
import { takeAlert } from './alert-intake.ts';
import { compareIncidents, type IncidentDocument, type Investigation, keyOf, parseIncident, withAudit } from './incident.ts';
import { incidentRecord } from './incident-facts.ts';
import { acknowledge, declareCause, type PersonsCause, type PersonsNote, resolve, type Stepped } from './incident-steps.ts';
import { InvestigationQueue } from './investigation-queue.ts';

export type Investigate = (incident: IncidentDocument, signal: AbortSignal) => Promise<Investigation>;

export interface IncidentBookDeps {
  readonly log: Pick<EventLog, 'commit' | 'readState'>;
  readonly clock: Clock;
  readonly investigate: Investigate;
  /** How long an investigation may take, ms of the machine's time. Default 60,000. */
  readonly investigationMs?: number;
  /** How long after a failed one it is tried again, ms of the machine's time. Default 10,000. */
  readonly retryMs?: number;
}

/** Names an incident; without a start, the newest of the fingerprint. */
export interface IncidentName {
  readonly fingerprint: string;
  readonly startsAtMs?: EpochMs;
}

const MAX_INCIDENTS = 1000;
const PARTITION = 0;
const DEFAULTS = { investigationMs: 60_000, retryMs: 10_000 } as const;

/** Every stored incident, without a book: for commands where no line runs. */
export async function readIncidents(log: Pick<EventLog, 'readState'>): Promise<readonly IncidentDocument[]> {
  const incidents: IncidentDocument[] = [];
  for await (const { value } of log.readState(STORES.incidents, PARTITION)) incidents.push(parseIncident(value));
  return incidents.sort(compareIncidents);
}

/**
 * Incidents, durable in the log: each step is one commit of the document and the fact on the control topic. Each is investigated in the
 * background, one at a time, also after a restart. The newest 1,000 are kept.
 */
export class IncidentBook {
  readonly #deps: IncidentBookDeps;
  readonly #incidents = new Map<string, IncidentDocument>();
  readonly #queue: InvestigationQueue;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: IncidentBookDeps) {
    this.#deps = deps;
    this.#queue = new InvestigationQueue({
      ...DEFAULTS,
      ...deps,
      waiting: () => this.list().filter(({ investigation }) => investigation === null),
      done: (name, investigation) => this.#investigated(name, investigation),
      failed: (name, problem) => this.#notInvestigated(name, problem),
    });
  }

  /** Reads what is stored, and goes on with what is not investigated yet. */
  async start(): Promise<void> {
    for (const incident of await readIncidents(this.#deps.log)) this.#incidents.set(keyOf(incident), incident);
    this.#queue.start();
  }

  /** Calls a running investigation off; it is begun again at the next start. */
  async stop(): Promise<void> {
    await this.#queue.stop();
    await this.#last.catch(() => undefined);
  }

  /** Resolves when no investigation is under way, and none can be begun before its retry. */
  async settled(): Promise<void> {
    await this.#queue.idle();
    await this.#last.catch(() => undefined);
  }

  /** Open ones first, then the newest first. */
  list(): readonly IncidentDocument[] {
    return [...this.#incidents.values()].sort(compareIncidents);
  }

  find({ fingerprint, startsAtMs }: IncidentName): IncidentDocument | undefined {
    return [...this.#incidents.values()]
      .filter((incident) => incident.fingerprint === fingerprint && (startsAtMs ?? incident.startsAtMs) === incident.startsAtMs)
      .sort((a, b) => b.startsAtMs - a.startsAtMs)[0];
  }

  /** Alerts that began or go on firing, or were resolved: resolves when what follows from them is durable. Throws BROKER_*. */
  async take(alerts: readonly FiredAlert[]): Promise<void> {
    if (alerts.length === 0) return;
    await this.#inTurn(async () => {
      const nowMs = this.#deps.clock.now();
      const changed = new Map<string, IncidentDocument>();
      const records: NewRecord[] = [];
      for (const alert of alerts) {
        const { opened, altered } = takeAlert(alert, this.#ofFingerprint(alert.fingerprint, changed), nowMs);
        for (const incident of altered) changed.set(keyOf(incident), incident);
        if (opened === undefined) continue;
        changed.set(keyOf(opened), opened);
        const step = { type: CONTROL_TYPES.incidentOpened, actor: opened.origin, summary: opened.summary };
        records.push(incidentRecord(opened, step, nowMs));
      }
      await this.#store([...changed.values()], records);
    });
    this.#queue.wake();
  }

  /** Throws RUNBOOK_INCIDENT_UNKNOWN, RUNBOOK_INCIDENT_RESOLVED, BROKER_*. */
  acknowledge(name: IncidentName, note: PersonsNote): Promise<IncidentDocument> {
    return this.#step(name, (incident, nowMs) => acknowledge(incident, note, nowMs));
  }

  /** Throws RUNBOOK_INCIDENT_UNKNOWN, RUNBOOK_HYPOTHESIS_UNKNOWN, BROKER_*. */
  declareCause(name: IncidentName, cause: PersonsCause): Promise<IncidentDocument> {
    return this.#step(name, (incident, nowMs) => declareCause(incident, cause, nowMs));
  }

  /** Throws RUNBOOK_INCIDENT_UNKNOWN, RUNBOOK_INCIDENT_RESOLVED, BROKER_*. */
  resolve(name: IncidentName, note: PersonsNote): Promise<IncidentDocument> {
    return this.#step(name, (incident, nowMs) => resolve(incident, note, nowMs));
  }

  #ofFingerprint(fingerprint: string, changed: ReadonlyMap<string, IncidentDocument>): readonly IncidentDocument[] {
    const all = new Map([...this.#incidents, ...changed]);
    return [...all.values()].filter((incident) => incident.fingerprint === fingerprint);
  }

  #step(name: IncidentName, work: (incident: IncidentDocument, nowMs: EpochMs) => Stepped): Promise<IncidentDocument> {
    return this.#inTurn(async () => {
      const nowMs = this.#deps.clock.now();
      const { incident, step } = work(this.get(name), nowMs);
      if (step !== undefined) await this.#store([incident], [incidentRecord(incident, step, nowMs)]);
      return incident;
    });
  }

  /** Throws RUNBOOK_INCIDENT_UNKNOWN. */
  get(name: IncidentName): IncidentDocument {
    const found = this.find(name);
    if (found !== undefined) return found;
    const at = name.startsAtMs === undefined ? '' : ` that began at ${new Date(name.startsAtMs).toISOString()}`;
    const open = this.list().filter(({ state }) => state !== 'resolved');
    const known = open.slice(0, 5).map(({ fingerprint, alert }) => `${fingerprint} (${alert})`);
    const hint = known.length === 0 ? 'none is open' : `open are ${known.join(', ')}`;
    throw runbookError('RUNBOOK_INCIDENT_UNKNOWN', `there is no incident ${name.fingerprint}${at}: ${hint}`);
  }

  #investigated(name: IncidentDocument, investigation: Investigation): Promise<void> {
    return this.#inTurn(async () => {
      const nowMs = this.#deps.clock.now();
      const incident = this.#incidents.get(keyOf(name));
      if (incident === undefined) return;
      const afterS = Math.max(0, Math.round((nowMs - incident.startsAtMs) / 100) / 10);
      const said = investigation.diagnosis?.summary ?? investigation.problems[0] ?? 'Nothing could be found out.';
      const entry = {
        atMs: nowMs,
        kind: 'diagnosed',
        actor: 'throughline',
        text: `${said} (${afterS} s after the alert began)`,
      } as const;
      await this.#store([withAudit({ ...incident, investigation, problem: '' }, entry)], []);
    });
  }

  #notInvestigated(name: IncidentDocument, problem: string): Promise<void> {
    return this.#inTurn(async () => {
      const incident = this.#incidents.get(keyOf(name));
      if (incident !== undefined && incident.problem !== problem) await this.#store([{ ...incident, problem }], []);
    });
  }

  /** One change after the other: each is made on what the one before left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.catch(() => undefined).then(work);
    this.#last = result;
    // Who asked gets the failure; the next in turn does not.
    result.catch(() => undefined);
    return result;
  }

  async #store(incidents: readonly IncidentDocument[], records: readonly NewRecord[]): Promise<void> {
    if (incidents.length === 0) return;
    const all = new Map(this.#incidents);
    for (const incident of incidents) all.set(keyOf(incident), incident);
    const newest = [...all.values()].sort((a, b) => b.startsAtMs - a.startsAtMs);
    const forgotten = newest.slice(MAX_INCIDENTS).map(keyOf);
    const writes = incidents.map((incident) => stateOf(keyOf(incident), JSON.stringify(incident)));
    const removals = forgotten.map((key) => stateOf(key, undefined));
    await this.#deps.log.commit({ records, state: [...writes, ...removals] });
    for (const incident of incidents) this.#incidents.set(keyOf(incident), incident);
    for (const key of forgotten) this.#incidents.delete(key);
  }
}

function stateOf(key: string, json: string | undefined): StateWrite {
  const value = json === undefined ? undefined : new TextEncoder().encode(json);
  return { store: STORES.incidents, partition: PARTITION, key, value };
}
