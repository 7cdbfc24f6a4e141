import type { ContractRef } from '#core';
import { type Contract, type ContractCatalog, findContractRef, validateData } from '#registry';
import type { ContractGate, ContractVerdict } from '#runtime';

const ADVICE = 'register the contract, or correct the producer';

/** The registry's answer to the pipeline: the version that an event names, else its subject's latest, and whether the data fits. */
export function createContractGate(catalog: ContractCatalog): ContractGate {
  const fits = new Map<Contract, ContractVerdict & { readonly contract: ContractRef }>();
  const fitOf = (contract: Contract): ContractVerdict & { readonly contract: ContractRef } => {
    const known = fits.get(contract);
    if (known !== undefined) return known;
    const fit = { ok: true, contract: { subject: contract.subject, version: contract.version } } as const;
    fits.set(contract, fit);
    return fit;
  };
  return {
    judge({ type, dataschema }, data) {
      const named = dataschema === undefined ? undefined : findContractRef(dataschema);
      if (named !== undefined && named.subject !== type) return otherSubject(type, named);
      const contract = catalog.find(type, named?.version);
      if (contract === undefined) return unknownContract(catalog, type, named?.version);
      const fit = fitOf(contract);
      const verdict = validateData(contract, data);
      if (verdict.ok) return fit;
      return {
        ok: false,
        contract: fit.contract,
        reason: `contract: ${contract.subject} ${verdict.reason}`,
        message: verdict.message,
      };
    },
  };
}

function otherSubject(type: string, named: ContractRef): ContractVerdict {
  const message = `the event's type is ${type}, but its dataschema names ${named.subject}: correct the producer`;
  return { ok: false, reason: 'contract: type and dataschema differ', message };
}

function unknownContract(catalog: ContractCatalog, type: string, version: number | undefined): ContractVerdict {
  const known = catalog.versions(type).map((contract) => contract.version);
  if (known.length > 0) {
    const message = `the event names version ${version} of ${type}, the registry has ${known.join(', ')}: ${ADVICE}`;
    return { ok: false, reason: 'contract: version unknown', message };
  }
  return { ok: false, reason: 'contract: subject unknown', message: `there is no contract for ${type}: ${ADVICE}` };
}
