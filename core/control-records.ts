import type { Clock } from './clock.ts';
import { envelopeHeaders } from './cloud-event.ts';
import { type CONTROL_TYPES, TOPICS } from './names.ts';
import type { NewRecord } from './ports.ts';

/** A fact for the control topic; ids are of what it is about and the step, so that a repeated record is recognised as the same event. */
export interface ControlFact {
  readonly type: (typeof CONTROL_TYPES)[keyof typeof CONTROL_TYPES];
  /** CloudEvents id. */
  readonly id: string;
  readonly source: string;
  /** Of the record: what the fact is about. */
  readonly key: string;
  readonly fact: object;
}

/** The record of a control fact, told by this clock. */
export function controlRecord({ type, id, source, key, fact }: ControlFact, clock: Clock): NewRecord {
  const headers = envelopeHeaders({ id, source, type, timeMs: clock.now() });
  return { topic: TOPICS.control, partition: 0, key, headers, value: JSON.stringify(fact) };
}
