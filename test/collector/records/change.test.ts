import { describe, expect, it } from 'vitest';
import { CONTROL_TYPES, envelopeHeaders, TOPICS } from '#core';
import { changeOf } from '../../../collector/records/change.ts';
import {
  detectedOf,
  fieldChangedOf,
  fieldRestoredOf,
  MARCH_MS,
  promotedOf,
  refusedOf,
  registeredOf,
  requestOf,
  shadowedOf,
  trainedOf,
  trainingRefusedOf,
} from './facts.ts';

const RECORDED_MS = 1_900_000_000_000;

function toldOf(type: string, fact: object) {
  return changeOf({
    topic: TOPICS.control,
    partition: 0,
    offset: 0,
    timestampMs: RECORDED_MS,
    key: undefined,
    headers: envelopeHeaders({ id: 'x', source: '/t', type, timeMs: 0 }),
    value: new TextEncoder().encode(JSON.stringify(fact)),
  });
}

const evidence = (...summaries: string[]) => ({
  evidence: summaries.map((summary) => ({ cause: 'quality_loss' as const, summary, window: detectedOf().window })),
});

const PROMOTED = CONTROL_TYPES.modelPromoted;
const RETRAINING = CONTROL_TYPES.retrainingRequested;
const DETECTED = CONTROL_TYPES.driftDetected;

describe('changeOf', () => {
  it.each([
    [
      CONTROL_TYPES.trainingRequested,
      requestOf(1),
      'Training of repurchase requested (first model), on 2010-12-07 to 2011-02-05, end exclusive.',
    ],
    [
      CONTROL_TYPES.modelShadowed,
      shadowedOf(2),
      'repurchase v2 scores in shadow from 2011-03-07 on, as a candidate: it decides nothing until its gate.',
    ],
    [
      CONTROL_TYPES.modelShadowed,
      shadowedOf(1, { purpose: 'baseline' }),
      'repurchase v1 scores in shadow from 2011-03-07 on, as the frozen first model that the line of models is compared with.',
    ],
    [PROMOTED, promotedOf(1), 'repurchase v1 is live from 2011-03-07 on. First model.'],
    [
      PROMOTED,
      promotedOf(2),
      'repurchase v2 is live from 2011-03-07 on, in place of v1. Log loss fell by 0.02 (95 % interval 0.01 to 0.03).',
    ],
    [
      PROMOTED,
      promotedOf(1, { cause: 'rollback', replaces: 2, actor: 'ada', reason: 'Complaints of the shop.' }),
      'repurchase rolled back from v2 to v1 on 2011-03-07 by ada. Complaints of the shop.',
    ],
    [
      CONTROL_TYPES.modelRefused,
      refusedOf(3, 2),
      'repurchase v3 refused on 2011-03-07; v2 goes on deciding. Log loss is not better.',
    ],
    [
      RETRAINING,
      requestOf(2, { cause: 'quality_loss', ...evidence('Log loss is 0.64, 0.05 over its training’s', 'psi of score is 0.4') }),
      'Retraining of repurchase requested (quality loss), on 2010-12-07 to 2011-02-05, end exclusive. Log loss is 0.64, 0.05 over its training’s. psi of score is 0.4.',
    ],
    [
      RETRAINING,
      requestOf(2, evidence('a', 'b', 'c', 'd', 'e')),
      'Retraining of repurchase requested (schedule), on 2010-12-07 to 2011-02-05, end exclusive. a. b. c. And 2 more.',
    ],
    [RETRAINING, requestOf(2), 'Retraining of repurchase requested (schedule), on 2010-12-07 to 2011-02-05, end exclusive.'],
    [
      DETECTED,
      detectedOf(),
      'Drift of repurchase v1 detected by weekly in 2011-02-28 to 2011-03-07, end exclusive. psi of buyer.spend is 0.31, over 0.2.',
    ],
    [
      DETECTED,
      detectedOf({ goingOn: 2 }),
      'Drift of repurchase v1 detected by weekly in 2011-02-28 to 2011-03-07, end exclusive. psi of buyer.spend is 0.31, over 0.2. Alarms of earlier windows that go on: 2.',
    ],
    [
      CONTROL_TYPES.fieldChanged,
      fieldChangedOf(),
      '/unitPrice of basket.updated from /shop/uk means something else: its median went from 2.5 to 250.',
    ],
  ])('tells %s at its event time', (type, fact, summary) => {
    const told = toldOf(type, fact);
    expect(told).toMatchObject({ summary, atMs: MARCH_MS, kind: type.replace('throughline.', '').replace('.', '_') });
    expect(JSON.parse(told.fact)).toEqual(fact);
  });

  it('tells a field that is as before at the end of the window that says so', () => {
    expect(toldOf(CONTROL_TYPES.fieldRestored, fieldRestoredOf())).toMatchObject({
      kind: 'field_restored',
      subject: 'basket.updated',
      atMs: fieldRestoredOf().window.toMs,
      summary: '/unitPrice of basket.updated from /shop/uk is as before: its median is 2.5 again.',
    });
  });

  it.each([
    [
      CONTROL_TYPES.trainingRefused,
      trainingRefusedOf(2),
      'Training of repurchase refused: 12 matured outcomes, and 500 are asked for.',
    ],
    [
      CONTROL_TYPES.modelTrained,
      trainedOf(2),
      'repurchase v2 trained: logistic-regression on 1800 matured outcomes, 900 positive.',
    ],
    [CONTROL_TYPES.modelRegistered, registeredOf(2), 'repurchase v2 registered with 1 inputs.'],
  ])('tells %s when it was recorded, as it has no event time', (type, fact, summary) => {
    expect(toldOf(type, fact)).toMatchObject({ summary, atMs: RECORDED_MS, subject: 'repurchase' });
  });
});
