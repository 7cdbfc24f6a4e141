import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPredictionHistory } from '../../drift/prediction-log.ts';
import { openTemporaryLog, type TemporaryLog } from './open-log.ts';
import { DAY_MS, decisionOf, FROM_MS, outcomeOf, PIPELINE, predictions, writePredictions } from './prediction-records.ts';

const ALL = predictions(300, 30).map((row) => ({ ...row, label: row.index % 7 === 0 ? undefined : row.label }));

let temporary: TemporaryLog;
beforeEach(async () => {
  temporary = await openTemporaryLog();
  await writePredictions(temporary.log, ALL);
});
afterEach(async () => temporary.remove());

const idsOf = (records: readonly { readonly predictionId: string }[]) => records.map(({ predictionId }) => predictionId).sort();

describe('readPredictionHistory', () => {
  it('reads all decisions and outcomes of a pipeline', async () => {
    const { decisions, outcomes } = await readPredictionHistory(temporary.log, PIPELINE);
    expect(decisions).toHaveLength(300);
    expect(outcomes).toHaveLength(ALL.filter(({ label }) => label !== undefined).length);
    expect(await readPredictionHistory(temporary.log, 'another')).toEqual({ decisions: [], outcomes: [] });
  });

  it('keeps decisions on events of a range, its start included and its end not, and only their outcomes', async () => {
    const edge = ALL[200]?.timeMs ?? 0;
    const range = { fromMs: FROM_MS + 10 * DAY_MS, toMs: edge };
    const inRange = ALL.filter(({ timeMs }) => timeMs >= range.fromMs && timeMs < range.toMs);
    const { decisions, outcomes } = await readPredictionHistory(temporary.log, PIPELINE, range);
    expect(idsOf(decisions)).toEqual(idsOf(inRange.map(decisionOf)));
    expect(idsOf(outcomes)).toEqual(idsOf(inRange.flatMap((row) => outcomeOf(row) ?? [])));
    expect(decisions.length).toBeGreaterThan(90);
  });
});
