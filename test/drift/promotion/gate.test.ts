import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core';
import { type GateQuestion, judgeCandidate, reasonOf } from '../../../drift/promotion/gate.ts';
import { gateSettings } from '../../../drift/promotion/settings.ts';

const SETTINGS = gateSettings({ minimumOutcomes: 200, resamples: 500 });
const WINDOW = { fromMs: 0, toMs: 1 };

/** Rows whose positives have this probability by the truth, scored by both sides as told. */
function question(
  count: number,
  score: { readonly live: (truth: number) => number; readonly candidate: (truth: number) => number },
  more: Partial<GateQuestion> = {},
): GateQuestion {
  const random = createRandom(5);
  const truth = Float64Array.from({ length: count }, () => 0.1 + 0.8 * random());
  return {
    liveVersion: 3,
    candidateVersion: 4,
    window: WINDOW,
    rows: {
      labels: Uint8Array.from(truth, (chance) => Number(random() < chance)),
      live: truth.map(score.live),
      candidate: truth.map(score.candidate),
    },
    latency: { p99Us: 900, budgetUs: 40_000 },
    parity: { training: 1e-7, served: 2e-7, limit: 1e-5 },
    ...more,
  };
}

const right = (truth: number): number => truth;
const blunt = (truth: number): number => 0.5 + (truth - 0.5) * 0.2;

function failedOf(asked: GateQuestion): readonly string[] {
  const { verdict, checks } = judgeCandidate(asked, SETTINGS);
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  expect(verdict).toBe(failed.length === 0 ? 'promote' : 'refuse');
  return failed;
}

describe('the gate', () => {
  it('lets a candidate through whose log loss is better by more than chance', () => {
    const verdict = judgeCandidate(question(1000, { live: blunt, candidate: right }), SETTINGS);
    expect(verdict.verdict).toBe('promote');
    expect(verdict.difference?.high).toBeLessThan(0);
    expect(verdict.candidate.logLoss).toBeLessThan(verdict.live.logLoss ?? 0);
    expect(reasonOf(verdict)).toMatch(
      /^Passed its gate, better: log loss 0\.\d{3} against 0\.\d{3} of v3 \(−0\.\d{3}, 95 % between/u,
    );
  });

  it('refuses one that is the same, and one that is worse, and says which', () => {
    const same = judgeCandidate(question(1000, { live: right, candidate: right }), SETTINGS);
    expect(reasonOf(same)).toMatch(/^Did not pass its gate: not shown to be better: log loss/u);
    const worse = judgeCandidate(question(1000, { live: right, candidate: blunt }), SETTINGS);
    expect(reasonOf(worse)).toMatch(/: worse: log loss/u);
  });

  it.each([
    ['too few outcomes', ['outcomes'], question(199, { live: blunt, candidate: right })],
    ['no outcome at all', ['outcomes', 'log_loss', 'calibration'], question(0, { live: blunt, candidate: right })],
    [
      'worse calibration, though its log loss is better',
      ['calibration'],
      question(3000, {
        live: () => 0.5,
        candidate: (truth) => 0.5 + Math.sign(truth - 0.5) * 0.44 * Math.abs(truth - 0.5) ** 0.2,
      }),
    ],
    [
      'slower than the latency budget',
      ['latency'],
      question(1000, { live: blunt, candidate: right }, { latency: { p99Us: 41_000, budgetUs: 40_000 } }),
    ],
    [
      'an ONNX file that is not the model',
      ['parity'],
      question(1000, { live: blunt, candidate: right }, { parity: { training: 2e-5, served: 0, limit: 1e-5 } }),
    ],
    [
      'scores in shadow that are not those of the served vectors',
      ['parity'],
      question(
        1000,
        { live: blunt, candidate: right },
        { parity: { training: 0, served: Number.POSITIVE_INFINITY, limit: 1e-5 } },
      ),
    ],
  ])('refuses: %s', (_what, failed, asked) => {
    expect(failedOf(asked)).toEqual(failed);
  });

  it('lets a candidate that is no better through in at most a few of a hundred trials', () => {
    let passed = 0;
    const random = createRandom(17);
    for (let trial = 0; trial < 200; trial++) {
      const noise = (): number => (random() - 0.5) * 0.2;
      const clip = (value: number): number => Math.min(0.99, Math.max(0.01, value));
      const asked = question(300, { live: (truth) => clip(truth + noise()), candidate: (truth) => clip(truth + noise()) });
      const labels = Uint8Array.from(asked.rows.labels, () => Number(random() < 0.5));
      if (judgeCandidate({ ...asked, rows: { ...asked.rows, labels } }, SETTINGS).checks[1]?.passed === true) passed += 1;
    }
    // 2.5 % by the interval's upper end.
    expect(passed / 200).toBeLessThan(0.06);
  });

  it('is a pure function: the same rows, the same verdict, without NaN', () => {
    const rows = fc.array(
      fc.record({
        label: fc.boolean(),
        live: fc.double({ min: 0, max: 1, noNaN: true }),
        candidate: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(rows, (made) => {
        const asked: GateQuestion = {
          ...question(0, { live: right, candidate: right }),
          rows: {
            labels: Uint8Array.from(made, ({ label }) => Number(label)),
            live: Float64Array.from(made, ({ live }) => live),
            candidate: Float64Array.from(made, ({ candidate }) => candidate),
          },
        };
        const verdict = judgeCandidate(asked, SETTINGS);
        expect(judgeCandidate(asked, SETTINGS)).toEqual(verdict);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      }),
      { numRuns: 50 },
    );
  });
});
