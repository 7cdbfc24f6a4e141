import { expect, test } from 'vitest';
import { type LogRecord, ManualClock } from '#core';
import { createContractGate } from '../../../../app/contract-gate.ts';
import { type Batch, openEvents } from '../../../../runtime/pipeline/batch.ts';
import { assembleBatch } from '../../../../runtime/pipeline/batch-assembly.ts';
import { Lane } from '../../../../runtime/pipeline/lane.ts';
import { createDecideStage } from '../../../../runtime/pipeline/stages/decide.ts';
import { SHOP_CONTRACTS, SHOP_DEFINITION, SHOP_VIEWS } from '../../../support/shop-pipeline.ts';

const clock = new ManualClock(0);

/** A batch of events that a model gave these scores. */
function scored(scores: readonly number[]): Batch {
  const records = scores.map(
    (_, offset): LogRecord => ({
      topic: 't',
      partition: 0,
      offset,
      timestampMs: 0,
      key: 'k',
      headers: {},
      value: new Uint8Array(),
    }),
  );
  const lanes = new Map([[0, new Lane(0, SHOP_DEFINITION, SHOP_VIEWS)]]);
  const { batch } = assembleBatch([{ topic: 't', partition: 0, records }], { lanes, polledUs: 0, barrierMs: undefined });
  for (const [index, event] of [...openEvents(batch)].entries()) {
    Object.assign(event, {
      envelope: { id: String(index), source: '/s', type: 'bought', timeMs: 0 },
      entity: 'ann',
      features: { values: [], eventTimesMs: [], statuses: [] },
      model: { name: 'again', version: 1 },
      score: scores[index],
    });
  }
  return batch;
}

test('a score decides by the threshold, and one that is no number ends its own event alone', async () => {
  const batch = scored([0.2, Number.NaN, 0.5, Number.POSITIVE_INFINITY]);
  const decide = createDecideStage({ clock, definition: SHOP_DEFINITION, gate: createContractGate(SHOP_CONTRACTS) });
  await decide(batch, new AbortController().signal);
  expect(batch.items).toMatchObject([
    { fate: 'scored', decision: 'write' },
    { fate: 'quarantined', reason: 'model: score is not finite', detail: "again v1 gave NaN for this event's features" },
    { fate: 'scored', decision: 'none' },
    { fate: 'quarantined' },
  ]);
  expect(batch.records.map(({ topic }) => topic)).toEqual(['shop.predictions', 'shop.predictions']);
});
