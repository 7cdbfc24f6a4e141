import { type EventLog, HEADERS, TOPICS } from '#core';

/** A record of the control topic: its CloudEvents id, and the fact that it holds. */
export interface ControlFact<T> {
  readonly id: string;
  readonly fact: T;
}

/** The control topic's facts of one type (CONTROL_TYPES), in log order; T is the type's record in core/control-facts.ts. */
export async function* readControlFacts<T>(log: Pick<EventLog, 'read'>, type: string): AsyncGenerator<ControlFact<T>> {
  for await (const { headers, value } of log.read({ topic: TOPICS.control, partition: 0, from: 0 })) {
    if (headers[HEADERS.type] === type) yield { id: headers[HEADERS.id] ?? '', fact: parseFact<T>(value) };
  }
}

function parseFact<T>(value: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(value)) as T;
}
