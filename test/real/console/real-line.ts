import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pseudonymOf } from '#core';
import { ThroughlineProcess } from '../../support/throughline-process.ts';

const PLAYS_LIVE = /now play at \d+×, as live traffic/u;
/** The customers of the bundled year have five digits. */
const CUSTOMERS = { first: 12_000, last: 19_000 };

/** A real line that plays live, and what its start printed. */
export interface RealLine {
  readonly process: ThroughlineProcess;
  readonly url: string;
  /** Paths of the printed links. */
  readonly links: { readonly quarantined: string; readonly predicted: string };
  get<T>(apiPath: string): Promise<T>;
  /** The customer behind a pseudonym, as the shop writes it. */
  customerOf(pseudonym: string): string | undefined;
  stop(): Promise<void>;
}

/** Replays the bundled year, and comes back when its last days play live. */
export async function startRealLine(data: string): Promise<RealLine> {
  const line = new ThroughlineProcess(['start', '--data', data, '--port', '0']);
  await line.until(PLAYS_LIVE);
  const printed = line.output;
  const linkAfter = (words: string): URL => {
    const [, address] = new RegExp(`${words}.*\\n +(http\\S+)`, 'u').exec(printed) ?? [];
    if (address === undefined) throw new Error(`the start printed no link after '${words}':\n${printed}`);
    return new URL(address);
  };
  const url = linkAfter('everything at a glance').origin;
  const pathOf = ({ pathname, search }: URL): string => pathname + search;
  const key = await readFile(path.join(data, 'pseudonym.key'));
  const customers = new Map<string, string>();
  for (let customer = CUSTOMERS.first; customer < CUSTOMERS.last; customer += 1)
    customers.set(pseudonymOf(key, String(customer)), String(customer));
  return {
    process: line,
    url,
    links: { quarantined: pathOf(linkAfter('a quarantined event')), predicted: pathOf(linkAfter('a prediction to its end')) },
    get: (apiPath) => getJson(url + apiPath),
    customerOf: (pseudonym) => customers.get(pseudonym),
    stop: async () => {
      await line.interrupt();
    },
  };
}

async function getJson<T>(address: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} of ${address}: ${await response.text()}`);
  return (await response.json()) as T;
}
