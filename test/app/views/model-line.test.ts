import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelFact } from '#collector';
import { monthlyQuality } from '#drift';
import { lineMonthsOf } from '../../../app/views/line-months.ts';
import { modelLineOf } from '../../../app/views/model-line.ts';
import {
  MARCH_MS,
  promotedOf,
  refusedOf,
  registeredOf,
  requestOf,
  shadowedOf,
  trainedOf,
  trainingRefusedOf,
} from '../../collector/records/facts.ts';

const WEEK_MS = 7 * 86_400_000;
const week = (index: number): number => MARCH_MS + index * WEEK_MS;
let facts = 0;

function stored<K extends ModelFact['kind']>(kind: K, atMs: number, fact: Extract<ModelFact, { kind: K }>['fact']): ModelFact {
  facts += 1;
  return { kind, id: `fact-${facts}`, atMs, recordedMs: facts, summary: '', fact } as ModelFact;
}

const requested = (version: number, at: number) =>
  stored(version === 1 ? 'training_requested' : 'retraining_requested', week(at), requestOf(version, { atMs: week(at) }));
/** Facts without an event time of their own stand where they were recorded, years later. */
const made = (version: number) => [
  stored('model_trained', 2e12, trainedOf(version)),
  stored('model_registered', 2e12, registeredOf(version)),
];
const shadowed = (version: number, at: number, purpose: 'candidate' | 'baseline' = 'candidate') =>
  stored('model_shadowed', week(at), shadowedOf(version, { atMs: week(at), purpose }));
const promoted = (version: number, at: number, change: Parameters<typeof promotedOf>[1] = {}) =>
  stored('model_promoted', week(at), promotedOf(version, { atMs: week(at), ...change }));
const refused = (version: number, live: number, at: number) =>
  stored('model_refused', week(at), refusedOf(version, live, { atMs: week(at) }));

const FIRST = [requested(1, 0), ...made(1), promoted(1, 0)];
const SECOND = [requested(2, 4), ...made(2), shadowed(2, 4), promoted(2, 7), shadowed(1, 7, 'baseline')];
const THIRD = [requested(3, 10), ...made(3), shadowed(3, 10), refused(3, 2, 13)];
const BACK = promoted(1, 15, { cause: 'rollback', replaces: 2, actor: 'ada', reason: 'Complaints' });

const statuses = (history: readonly ModelFact[]) =>
  modelLineOf(history).versions.map(({ version, status }) => `v${version} ${status}`);
const outcomes = (history: readonly ModelFact[]) =>
  modelLineOf(history).trainings.map(({ request, outcome, version }) => [request.requestId.at(-1), outcome, version]);

describe('modelLineOf', () => {
  it('is empty before the first request', () => {
    expect(modelLineOf([])).toEqual({
      liveVersion: undefined,
      shadowVersion: undefined,
      versions: [],
      trainings: [],
      rollbackTo: [],
      events: [],
    });
  });

  it('tells a first model', () => {
    const line = modelLineOf(FIRST);
    expect(line).toMatchObject({ liveVersion: 1, shadowVersion: undefined, rollbackTo: [] });
    expect(line.versions).toMatchObject([
      {
        version: 1,
        status: 'live',
        isBaseline: true,
        live: [{ fromMs: week(0), toMs: undefined }],
        shadow: undefined,
        gate: undefined,
        reason: 'First model',
        lineage: { rows: 1800 },
        request: { cause: 'first_model' },
      },
    ]);
    expect(line.trainings).toMatchObject([{ outcome: 'promoted', version: 1, message: 'First model' }]);
  });

  it('tells a candidate on trial, then promoted, while the first model goes on in shadow', () => {
    const trial = modelLineOf([...FIRST, ...SECOND.slice(0, 4)]);
    expect(trial).toMatchObject({ liveVersion: 1, shadowVersion: 2 });
    expect(trial.versions[0]).toMatchObject({ status: 'shadow', shadow: { fromMs: week(4), toMs: undefined }, live: [] });
    expect(trial.trainings[0]).toMatchObject({ outcome: 'in_shadow', version: 2 });
    const line = modelLineOf([...FIRST, ...SECOND]);
    expect(line).toMatchObject({ liveVersion: 2, shadowVersion: undefined, rollbackTo: [1] });
    expect(line.versions).toMatchObject([
      { version: 2, status: 'live', isBaseline: false, shadow: { fromMs: week(4), toMs: week(7) }, gate: { verdict: 'promote' } },
      {
        version: 1,
        status: 'retired',
        isBaseline: true,
        shadow: { fromMs: week(7), toMs: undefined },
        live: [{ fromMs: week(0), toMs: week(7) }],
        reason: 'Replaced by v2.',
      },
    ]);
  });

  it('tells a refused candidate', () => {
    const line = modelLineOf([...FIRST, ...SECOND, ...THIRD]);
    expect(line).toMatchObject({ liveVersion: 2, shadowVersion: undefined, rollbackTo: [1] });
    expect(line.versions[0]).toMatchObject({
      status: 'refused',
      shadow: { fromMs: week(10), toMs: week(13) },
      live: [],
      gate: { verdict: 'refuse' },
      reason: 'Log loss is not better',
    });
    expect(line.trainings[0]).toMatchObject({ outcome: 'not_promoted', version: 3, message: 'Log loss is not better' });
  });

  it('tells a roll-back: who, why, and that its training was promoted all the same', () => {
    const line = modelLineOf([...FIRST, ...SECOND, ...THIRD, BACK]);
    expect(line).toMatchObject({ liveVersion: 1, rollbackTo: [2] });
    expect(line.versions).toMatchObject([
      { version: 3, status: 'refused' },
      {
        version: 2,
        status: 'rolled_back',
        live: [{ fromMs: week(7), toMs: week(15) }],
        gate: { verdict: 'promote' },
        reason: 'Complaints',
        actor: 'ada',
      },
      {
        version: 1,
        status: 'live',
        live: [
          { fromMs: week(0), toMs: week(7) },
          { fromMs: week(15), toMs: undefined },
        ],
        shadow: { fromMs: week(7), toMs: week(15) },
        actor: 'ada',
      },
    ]);
    expect(outcomes([...FIRST, ...SECOND, ...THIRD, BACK])).toEqual([
      ['3', 'not_promoted', 3],
      ['2', 'promoted', 2],
      ['1', 'promoted', 1],
    ]);
  });

  it('tells requests that are pending, and trainings that gave no model', () => {
    const none = stored('training_refused', 2e12, trainingRefusedOf(3));
    const history = [...FIRST, requested(2, 4), requested(3, 8), none, requested(4, 12), ...made(4)];
    expect(outcomes(history)).toEqual([
      ['4', 'pending', 4],
      ['3', 'refused', undefined],
      ['2', 'pending', undefined],
      ['1', 'promoted', 1],
    ]);
    expect(statuses(history)).toEqual(['v4 registered', 'v1 live']);
  });

  it('is the same whatever the order of the facts, and however often a restart wrote one down', () => {
    const history = [...FIRST, ...SECOND, ...THIRD, BACK];
    const repeated = fc.shuffledSubarray([...history, ...history], { minLength: 2 * history.length });
    fc.assert(
      fc.property(repeated, (shuffled) => {
        const { events: shuffledEvents, ...line } = modelLineOf(shuffled);
        const { events, ...expected } = modelLineOf(history);
        expect(line).toEqual(expected);
        expect(shuffledEvents).toHaveLength(events.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('lineMonthsOf', () => {
  const none = monthlyQuality({ decisions: [], outcomes: [], finalBeforeMs: 0 });

  it('counts trainings at their requests, promotions without roll-backs, and refusals, also in months without scores', () => {
    const { months, total } = lineMonthsOf(none, modelLineOf([...FIRST, ...SECOND, ...THIRD, BACK]).events);
    expect(months.map(({ month, trainings, promotions, refusals }) => [month, trainings, promotions, refusals])).toEqual([
      ['2011-03', 1, 1, 0],
      ['2011-04', 1, 1, 0],
      ['2011-05', 1, 0, 0],
      ['2011-06', 0, 0, 1],
    ]);
    expect(total).toMatchObject({ month: 'all', trainings: 3, promotions: 2, refusals: 1, scored: 0 });
  });

  it('is nothing before anything', () => {
    expect(lineMonthsOf(none, [])).toEqual({ months: [], total: null });
  });
});
