import type { LineMonth, ModelAnswer, ModelList, ModelSummary, ModelVersionView, RollbackAnswer, TrainingView } from '#core';
import { INPUTS } from './inputs.ts';
import { LINE, type LineSketch, midnight } from './line-of-models.ts';
import type { Scenario } from './overview.ts';
import { fraction, hex, PIPELINE } from './parts.ts';

const MODEL = 'repurchase';
const OWNER = 'ml-platform';
const DESCRIPTION = 'The probability that the customer who just bought buys again within 30 days.';

type Gate = NonNullable<ModelVersionView['gate']>;

/** Trainers write how each input is taken into their parameters, as text. */
const INPUT_SPECIFICATION = JSON.stringify(INPUTS.map((feature) => ({ feature, transform: 'log1p', missing: 0 })));

const CHECK_NAMES = ['outcomes', 'log_loss', 'calibration', 'latency', 'parity'] as const;

function gateOf(sketch: LineSketch): Gate | null {
  const { gate, version, shadow } = sketch;
  if (gate === undefined || shadow?.to === undefined) return null;
  const { rows, low, high, failed } = gate;
  const mean = (low + high) / 2;
  const logLoss = 0.553 + 0.02 * fraction(`live ${version}`);
  const summaries: Readonly<Record<(typeof CHECK_NAMES)[number], string>> = {
    outcomes: `${rows} matured outcomes after the training window; at least 300 are asked for.`,
    log_loss: `Candidate less live: ${mean.toFixed(4)}, 95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}; all of it must be below 0.`,
    calibration: `Calibration error ${failed.includes('calibration') ? '0.081 against 0.049' : '0.038 against 0.049'}; at most 0.020 worse is let through.`,
    latency: 'The slowest hundredth of its scores took 1.9 ms; the budget of the stage is 40 ms.',
    parity: 'ONNX and direct computation differ by at most 1.1e-7; 1e-5 is the limit.',
  };
  return {
    verdict: failed.length === 0 ? 'promote' : 'refuse',
    window: { from: shadow.from, to: shadow.to },
    rows,
    checks: CHECK_NAMES.map((name) => ({ name, passed: !failed.includes(name), summary: summaries[name] })),
    live: { version: gate.against, auc: 0.771, logLoss, accuracy: 0.729, calibrationError: 0.049 },
    candidate: {
      version,
      auc: 0.771 - 2 * mean,
      logLoss: logLoss + mean,
      accuracy: 0.729 - mean,
      calibrationError: failed.includes('calibration') ? 0.081 : 0.038,
    },
    difference: { mean, low, high, confidence: 0.95, resamples: 2_000 },
  };
}

function versionOf(sketch: LineSketch): ModelVersionView {
  const { version, status, cause, algorithm, trained, reason, actor, live, shadow } = sketch;
  const rows = trained.rows;
  return {
    version,
    status,
    isBaseline: version === 1,
    requestId: sketch.requestId,
    cause,
    algorithm,
    trainedOn: {
      from: trained.from,
      to: trained.to,
      rows,
      positives: Math.round(rows * (0.52 + 0.05 * fraction(`p ${version}`))),
    },
    inputs: [...INPUTS],
    metrics: {
      trainingIterations: 7,
      trainingRows: Math.round(rows * 0.8),
      trainingAuc: 0.761 + 0.05 * fraction(`auc ${version}`),
      trainingLogLoss: 0.551 - 0.03 * fraction(`loss ${version}`),
      trainingAccuracy: 0.722 + 0.03 * fraction(`acc ${version}`),
      trainingCalibrationError: 0.01 + 0.02 * fraction(`cal ${version}`),
      holdoutRows: Math.round(rows * 0.2),
      holdoutAuc: 0.741 + 0.05 * fraction(`auc ${version}`),
      holdoutLogLoss: 0.571 - 0.03 * fraction(`loss ${version}`),
      holdoutAccuracy: 0.712 + 0.03 * fraction(`acc ${version}`),
      holdoutCalibrationError: 0.02 + 0.02 * fraction(`cal ${version}`),
    },
    parameters:
      algorithm === 'logistic-regression'
        ? { l2: 1, maxIterations: 50, tolerance: 1e-8, inputs: INPUT_SPECIFICATION }
        : { inputs: INPUT_SPECIFICATION, trees: 120, leaves: 15, learningRate: 0.08, minimumLeaf: 40, l2: 1, seed: 7 },
    dataFingerprint: hex(`data ${version}`, 64),
    onnxSha256: hex(`onnx ${version}`, 64),
    parity: 1.1e-7,
    trainedBy: 'bundled trainer 1.0',
    shadow:
      shadow === undefined
        ? null
        : { from: shadow.from, to: shadow.to ?? null, ...(shadow.due === undefined ? {} : { due: shadow.due }) },
    live: live.map(({ from, to }) => ({ from, to: to ?? null })),
    gate: gateOf(sketch),
    reason,
    actor,
    decisions: sketch.decisions,
  };
}

function trainingOf(sketch: LineSketch): TrainingView {
  return {
    requestId: sketch.requestId,
    at: sketch.requestedAt,
    cause: sketch.cause,
    evidence: sketch.evidence.map(({ target = null, ...evidence }) => ({
      ...evidence,
      target,
      job: target === null ? null : 'repurchase-weekly',
    })),
    window: { from: sketch.trained.from, to: sketch.trained.to },
    coolDownUntil: sketch.version === 1 ? null : midnight(sketch.requestedAt, 21),
    outcome: sketch.outcome,
    version: sketch.version,
    message: null,
  };
}

const REFUSED_TRAINING: TrainingView = {
  requestId: 'repurchase/2011-09-05',
  at: '2011-09-05T00:00:00.000Z',
  cause: 'schedule',
  evidence: [{ cause: 'schedule', summary: '35 days since the last training; the schedule is 28.', target: null, job: null }],
  window: { from: '2011-08-01T00:00:00.000Z', to: '2011-08-06T00:00:00.000Z' },
  coolDownUntil: '2011-09-26T00:00:00.000Z',
  outcome: 'refused',
  version: null,
  message: 'TRAINING_TOO_FEW_ROWS: 412 outcomes have matured in the window; at least 500 are asked for',
};

/** Month, base rate, governed AUC, log loss, accuracy; frozen AUC, log loss, accuracy; versions. */
const MONTHS = [
  ['2011-02', 0.561, [0.744, 0.571, 0.716], [0.744, 0.571, 0.716], [1], 1, 0, 0],
  ['2011-03', 0.572, [0.768, 0.548, 0.731], [0.757, 0.559, 0.722], [1, 2], 1, 1, 0],
  ['2011-04', 0.549, [0.781, 0.539, 0.739], [0.752, 0.563, 0.719], [2, 3], 1, 1, 0],
  ['2011-05', 0.566, [0.793, 0.527, 0.744], [0.761, 0.557, 0.724], [3, 4], 1, 1, 0],
  ['2011-06', 0.553, [0.788, 0.531, 0.742], [0.749, 0.566, 0.717], [4, 5], 1, 1, 0],
  ['2011-07', 0.541, [0.779, 0.543, 0.735], [0.751, 0.562, 0.721], [5, 4], 0, 0, 1],
  ['2011-08', 0.538, [0.783, 0.537, 0.74], [0.748, 0.569, 0.714], [4], 1, 0, 1],
  ['2011-09', 0.589, [0.792, 0.528, 0.748], [0.744, 0.572, 0.711], [4], 0, 0, 0],
  ['2011-10', 0.631, [0.762, 0.572, 0.722], [0.731, 0.594, 0.698], [4, 8], 1, 1, 0],
  ['2011-11', 0.612, [0.789, 0.541, 0.741], [0.729, 0.601, 0.694], [8], 2, 0, 1],
  ['2011-12', null, [null, null, null], [null, null, null], [8], 0, 0, 0],
] as const;

type Figures = readonly [number | null, number | null, number | null];

const figures = ([auc, logLoss, accuracy]: Figures, name: string) => ({
  auc,
  logLoss,
  accuracy,
  calibrationError: auc === null ? null : 0.02 + 0.04 * fraction(name),
});

function monthOf([
  month,
  baseRate,
  governed,
  frozen,
  versions,
  trainings,
  promotions,
  refusals,
]: (typeof MONTHS)[number]): LineMonth {
  const scored = 1_400 + Math.round(900 * fraction(month));
  const matured = { '2011-11': 812, '2011-12': 0 }[month as string] ?? scored;
  return {
    month,
    scored: month === '2011-12' ? 431 : scored,
    matured,
    complete: month < '2011-11',
    baseRate,
    governed: figures(governed, `g ${month}`),
    frozen: figures(frozen, `f ${month}`),
    ...(month === '2011-03' ? { frozenMatured: 1_240 } : {}),
    versions: [...versions],
    trainings,
    promotions,
    refusals,
  };
}

const TOTAL: LineMonth = {
  month: 'all',
  scored: 18_214,
  matured: 16_303,
  complete: false,
  baseRate: 0.568,
  governed: { auc: 0.787, logLoss: 0.532, accuracy: 0.742, calibrationError: 0.019 },
  frozen: { auc: 0.749, logLoss: 0.566, accuracy: 0.718, calibrationError: 0.041 },
  versions: [1, 2, 3, 4, 5, 8],
  trainings: 9,
  promotions: 5,
  refusals: 3,
};

const WITHOUT_MODEL: ModelAnswer = {
  name: MODEL,
  owner: OWNER,
  description: DESCRIPTION,
  pipeline: PIPELINE,
  liveVersion: null,
  shadowVersion: null,
  versions: [],
  trainings: [],
  months: [],
  total: null,
  rollbackTo: [],
  jobs: ['repurchase-weekly'],
};

function whole(rolledBackTo: number | undefined): ModelAnswer {
  const versions = LINE.map((sketch) => versionOf(sketch)).toReversed();
  const trainings = [...LINE.map((sketch) => trainingOf(sketch)), REFUSED_TRAINING];
  return {
    ...WITHOUT_MODEL,
    liveVersion: rolledBackTo ?? 8,
    shadowVersion: 10,
    versions: rolledBackTo === undefined ? versions : versions.map((version) => afterRollback(version, rolledBackTo)),
    trainings: trainings.toSorted((left, right) => right.at.localeCompare(left.at)),
    months: MONTHS.map((month) => monthOf(month)),
    total: TOTAL,
    rollbackTo: [4, 3, 2, 1],
  };
}

const ROLLED_BACK_AT = '2011-12-09T12:50:00.000Z';

function afterRollback(version: ModelVersionView, to: number): ModelVersionView {
  if (version.version === 8) {
    const [first] = version.live;
    return { ...version, status: 'rolled_back', live: first === undefined ? [] : [{ ...first, to: ROLLED_BACK_AT }] };
  }
  if (version.version !== to) return version;
  return { ...version, status: 'live', live: [...version.live, { from: ROLLED_BACK_AT, to: null }] };
}

/** GET /api/models/:name; `rolledBackTo` as after a roll-back to that version. */
export function modelAnswer(name: string, scenario: Scenario, rolledBackTo?: number): ModelAnswer | undefined {
  if (name !== MODEL) return undefined;
  return scenario === 'backlog' ? WITHOUT_MODEL : whole(rolledBackTo);
}

/** GET /api/models. */
export function models(scenario: Scenario): ModelList {
  const isBacklog = scenario === 'backlog';
  const summary: ModelSummary = {
    name: MODEL,
    owner: OWNER,
    description: DESCRIPTION,
    pipeline: PIPELINE,
    liveVersion: isBacklog ? null : 8,
    shadowVersion: isBacklog ? null : 10,
    versions: isBacklog ? 0 : LINE.length,
    lastChange: isBacklog ? null : { at: '2011-11-28T00:00:00.000Z', summary: 'v10 scores in shadow from 2011-11-28 on.' },
  };
  if (scenario !== 'huge') return { models: [summary] };
  const more = {
    ...summary,
    name: 'basket-abandonment-within-the-hour',
    liveVersion: null,
    shadowVersion: null,
    versions: 0,
    lastChange: null,
  };
  return { models: [summary, more, { ...summary, name: 'returns', shadowVersion: null, liveVersion: 3, versions: 3 }] };
}

export function rollbackAnswer(to: number): RollbackAnswer {
  return {
    model: MODEL,
    from: 8,
    to,
    at: ROLLED_BACK_AT,
    summary: `repurchase v${to} decides again from 2011-12-09 12:50 UTC on, in place of v8.`,
  };
}
