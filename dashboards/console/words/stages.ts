import type { Journey } from '#core';

type Stage = Journey['latency']['stages'][number]['stage'];

/** Stages as people read them, and what each one covers. */
export const STAGES: Readonly<Record<Stage, { readonly name: string; readonly covers: string }>> = {
  broker_wait: { name: 'broker wait', covers: 'in the log, before it was read' },
  batch_wait: { name: 'batch wait', covers: 'read, before its batch began' },
  contract: { name: 'contract', covers: 'decoding, de-duplication, validation' },
  feature_read: { name: 'feature read', covers: 'feature views applied and read' },
  model_queue: { name: 'model queue', covers: 'handed over, before the worker began' },
  model_compute: { name: 'model compute', covers: 'inference' },
  decide: { name: 'decide', covers: 'decision, prediction, outcomes' },
  publish: { name: 'publish', covers: 'written and durable' },
  unattributed: { name: 'unattributed', covers: 'between the marks of the stages' },
};

/** `repurchase_30d` → `repurchase 30d`: names of the workspace as words. */
export function spoken(name: string): string {
  return name.replaceAll(/[_.]/gu, ' ');
}
