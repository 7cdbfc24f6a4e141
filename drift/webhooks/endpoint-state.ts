import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type EventLog, STORES, type StateWrite } from '#core';

const StateSchema = Type.Object({
  delivered: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  /** The address that answered 410; it gets nothing more. */
  goneUrl: Type.Optional(Type.String()),
});

/** What is remembered of an endpoint, beside its offset. */
export type EndpointState = Static<typeof StateSchema>;

const stateSchema = Compile(StateSchema);
const EMPTY: EndpointState = { delivered: 0, failed: 0 };

/** Of an endpoint that was never sent to, or whose state cannot be read: nothing. */
export async function loadEndpointState(log: EventLog, name: string): Promise<EndpointState> {
  for await (const { key, value } of log.readState(STORES.webhooks, 0)) {
    if (key !== name) continue;
    const state: unknown = JSON.parse(new TextDecoder().decode(value));
    if (stateSchema.Check(state)) return state;
  }
  return EMPTY;
}

export function endpointStateWrite(name: string, state: EndpointState): StateWrite {
  return { store: STORES.webhooks, partition: 0, key: name, value: Buffer.from(JSON.stringify(state)) };
}
