import type { ContractRef, Envelope } from '#core';
import { forEachOpen, quarantine, type StageFunction } from '../batch.ts';

export type ContractVerdict =
  | { readonly ok: true; readonly contract: ContractRef }
  | {
      readonly ok: false;
      readonly contract?: ContractRef;
      /** Bounded category, such as `contract: /quantity minimum`. */
      readonly reason: string;
      readonly message: string;
    };

/** Finds an event's contract and judges its data; the registry's part in the pipeline. */
export interface ContractGate {
  judge(event: Pick<Envelope, 'type' | 'dataschema'>, data: unknown): ContractVerdict;
}

/** Sends events that their contract refuses to quarantine, with the reason. */
export function createContractCheck(gate: ContractGate): StageFunction {
  return (batch) => {
    forEachOpen(batch, 'contract', (event) => {
      if (event.envelope === undefined) return;
      const verdict = gate.judge(event.envelope, event.data);
      if (verdict.contract !== undefined) event.contract = verdict.contract;
      if (!verdict.ok) quarantine(event, verdict.reason, verdict.message);
    });
  };
}
