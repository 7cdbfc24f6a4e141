import { type EventLog, fingerprintOf, STORES } from '#core';
import { runtimeError } from '../errors.ts';
import { type FeatureView, fingerprintOfViews } from '../features/view.ts';
import type { PipelineDefinition } from './definition.ts';

/**
 * Ties a data folder to the definitions that its state was computed by: other windows or another outcome under the same stored
 * panes would be wrong in silence. Throws RUNTIME_STATE_MISMATCH. Thresholds, budgets and prose may change freely.
 */
export async function checkStateIdentity(
  log: EventLog,
  definition: PipelineDefinition,
  views: readonly FeatureView[],
): Promise<void> {
  const { topic, partitions, scoredSubject, entityProperty, outcome, deduplicationWindowMs } = definition;
  const parts = {
    'feature views': fingerprintOfViews(views),
    pipeline: fingerprintOf({ topic, partitions, scoredSubject, entityProperty, outcome, deduplicationWindowMs }),
  };
  const stored = new Map<string, string>();
  for await (const { key, value } of log.readState(STORES.workspace, 0)) stored.set(key, new TextDecoder().decode(value));
  for (const [part, fingerprint] of Object.entries(parts)) {
    const before = stored.get(`${definition.name}: ${part}`);
    if (before === undefined || before === fingerprint) continue;
    const sentence =
      `the ${part} of pipeline ${definition.name} changed since this data folder was made, and its stored state was computed by the old ones: ` +
      'put them back, choose another folder with --data, or begin anew with --fresh';
    throw runtimeError('RUNTIME_STATE_MISMATCH', sentence);
  }
  const state = Object.entries(parts).map(([part, fingerprint]) => ({
    store: STORES.workspace,
    partition: 0,
    key: `${definition.name}: ${part}`,
    value: Buffer.from(fingerprint),
  }));
  if (stored.size === 0) await log.commit({ state });
}
