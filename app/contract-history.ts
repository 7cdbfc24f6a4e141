import {
  type Clock,
  CONTROL_TYPES,
  type ContractRegistered,
  type EventLog,
  envelopeHeaders,
  type NewRecord,
  TOPICS,
} from '#core';
import type { Contract, ContractCatalog } from '#registry';
import { readControlFacts } from './control-facts.ts';
import { appError } from './errors.ts';

/**
 * Puts the workspace's contracts on the control topic, each version once. Throws APP_CONTRACT_CHANGED for a version whose schema
 * is not the one that was registered: events were judged by it, so a change is a new version.
 */
export async function registerContracts(log: EventLog, catalog: ContractCatalog, clock: Clock): Promise<void> {
  const registered = await readRegistered(log);
  const records: NewRecord[] = [];
  for (const contract of catalog.list()) {
    const before = registered.get(idOf(contract));
    if (before === undefined) records.push(recordOf(contract, clock));
    else if (before.fingerprint !== contract.fingerprint) throw changed(contract);
  }
  if (records.length > 0) await log.commit({ records });
}

async function readRegistered(log: EventLog): Promise<Map<string, ContractRegistered>> {
  const registered = new Map<string, ContractRegistered>();
  for await (const { fact } of readControlFacts<ContractRegistered>(log, CONTROL_TYPES.contractRegistered)) {
    registered.set(idOf(fact), fact);
  }
  return registered;
}

function idOf({ subject, version }: Pick<ContractRegistered, 'subject' | 'version'>): string {
  return `${subject}@${version}`;
}

function recordOf(contract: Contract, clock: Clock): NewRecord {
  const { subject, version, owner, fingerprint } = contract;
  const fact: ContractRegistered = { subject, version, owner, fingerprint };
  const type = CONTROL_TYPES.contractRegistered;
  const headers = envelopeHeaders({ id: idOf(fact), source: '/throughline/registry', type, timeMs: clock.now() });
  return { topic: TOPICS.control, key: subject, headers, value: JSON.stringify(fact) };
}

function changed({ subject, version }: Contract): Error {
  const sentence =
    `the schema of ${subject} version ${version} is not the one that this data folder was started with, and events were judged by that: ` +
    `put it back and declare the change as version ${version + 1}, or begin anew with --fresh`;
  return appError('APP_CONTRACT_CHANGED', sentence);
}
