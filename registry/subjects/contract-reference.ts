import type { ContractRef } from '#core';

const MAX_LENGTH = 2048;
const SUFFIX = /\/(?:contracts\/([^/?#]+)\/|subjects\/([^/?#]+)\/versions\/)([1-9][0-9]{0,8})$/u;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * The contract that a CloudEvents `dataschema` names: a URL or path that ends in `/contracts/{subject}/{version}` (ours) or
 * `/subjects/{subject}/versions/{version}` (Confluent’s registry); undefined for anything else.
 */
export function findContractRef(dataschema: string): ContractRef | undefined {
  const match = dataschema.length > MAX_LENGTH ? null : SUFFIX.exec(dataschema);
  const subject = decoded(match?.[1] ?? match?.[2] ?? '');
  return subject === undefined || subject === '' ? undefined : { subject, version: Number(match?.[3]) };
}

/** The `dataschema` of a contract, as a path that any host can serve. */
export function dataschemaOf(ref: ContractRef): string {
  return `/contracts/${encodeURIComponent(ref.subject)}/${ref.version}`;
}
