import { randomUUID } from 'node:crypto';
import {
  type ChangeAccepted,
  type ChangeRecorded,
  type ChangeReport,
  type Clock,
  CONTROL_TYPES,
  controlRecord,
  type EventLog,
} from '#core';
import { readControlFacts } from './control-facts.ts';

/** Takes reports of changes made elsewhere onto the control topic, one at a time: the same id is the same change, however often it is told. */
export class ChangeReports {
  readonly #log: Pick<EventLog, 'commit' | 'read'>;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: { readonly log: Pick<EventLog, 'commit' | 'read'>; readonly clock: Clock }) {
    this.#log = parts.log;
    this.#clock = parts.clock;
  }

  /** Resolves when the change is durable. Throws BROKER_*. */
  record(report: ChangeReport): Promise<ChangeAccepted> {
    const taken = this.#last.then(() => this.#record(report));
    this.#last = taken.catch(() => undefined);
    return taken;
  }

  async #record(report: ChangeReport): Promise<ChangeAccepted> {
    const known = report.id === undefined ? undefined : await this.#find(report.id);
    if (known !== undefined) return { id: known.changeId, at: new Date(known.atMs).toISOString() };
    const { kind, subject, version = '', summary, actor } = report;
    const atMs = report.at === undefined ? this.#clock.now() : Date.parse(report.at);
    const fact: ChangeRecorded = { changeId: report.id ?? randomUUID(), kind, subject, version, summary, atMs, actor };
    const about = { id: fact.changeId, source: '/throughline/changes', key: subject };
    const record = controlRecord({ ...about, type: CONTROL_TYPES.changeRecorded, fact }, this.#clock);
    await this.#log.commit({ records: [record] });
    return { id: fact.changeId, at: new Date(atMs).toISOString() };
  }

  async #find(id: string): Promise<ChangeRecorded | undefined> {
    for await (const { fact } of readControlFacts<ChangeRecorded>(this.#log, CONTROL_TYPES.changeRecorded))
      if (fact.changeId === id) return fact;
    return undefined;
  }
}
