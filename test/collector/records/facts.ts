import type {
  DriftDetected,
  FieldChanged,
  FieldRestored,
  GateVerdict,
  ModelPromoted,
  ModelRefused,
  ModelRegistered,
  ModelShadowed,
  ModelTrained,
  TrainingRefused,
  TrainingRequested,
} from '#core';
import { DAY_MS, PIPELINE } from '../../drift/prediction-records.ts';

/** Facts of the control topic, of model `repurchase`, as a test wants them. */

export const MARCH_MS = Date.UTC(2011, 2, 7);
const MODEL = 'repurchase';
const requestIdOf = (version: number): string => `${MODEL}:request-${version}`;
const ref = (version: number) => ({ name: MODEL, version, requestId: requestIdOf(version) });
const window = { fromMs: MARCH_MS - 90 * DAY_MS, toMs: MARCH_MS - 30 * DAY_MS };
const held = { pipeline: PIPELINE, atMs: MARCH_MS, positions: [] };

/** The request that version `version` came of, or would have. */
export function requestOf(version: number, change: Partial<TrainingRequested> = {}): TrainingRequested {
  const cause = version === 1 ? 'first_model' : 'schedule';
  return { requestId: requestIdOf(version), model: MODEL, cause, window, ...held, ...change };
}

export function trainedOf(version: number): ModelTrained {
  const lineage = {
    requestId: requestIdOf(version),
    algorithm: 'logistic-regression',
    window,
    rows: 1800,
    positives: 900,
    inputs: ['buyer.spend'],
    dataFingerprint: 'abc',
    parameters: { l2: 1 },
    metrics: { holdoutLogLoss: 0.55 },
    parity: 1e-7,
    trainedBy: 'bundled trainer',
  };
  return { ...ref(version), lineage };
}

export const registeredOf = (version: number): ModelRegistered => ({
  ...ref(version),
  inputs: ['buyer.spend'],
  onnxSha256: `sha-${version}`,
});

export const trainingRefusedOf = (version: number): TrainingRefused => ({
  requestId: requestIdOf(version),
  model: MODEL,
  reason: 'too_few_rows',
  message: '12 matured outcomes, and 500 are asked for',
});

export const shadowedOf = (version: number, change: Partial<ModelShadowed> = {}): ModelShadowed => ({
  ...ref(version),
  purpose: 'candidate',
  ...held,
  ...change,
});

export function gateOf(verdict: GateVerdict['verdict'], live: number, candidate: number): GateVerdict {
  const quality = { logLoss: 0.55, calibrationError: 0.03, auc: 0.77, accuracy: 0.73 };
  return {
    verdict,
    checks: [{ name: 'log_loss', passed: verdict === 'promote', summary: 'The interval is below 0' }],
    window,
    rows: 812,
    live: { version: live, ...quality },
    candidate: { version: candidate, ...quality, logLoss: 0.53 },
    difference: { mean: -0.02, low: -0.03, high: -0.01, confidence: 0.95, resamples: 2000, seed: 0 },
  };
}

export const promotedOf = (version: number, change: Partial<ModelPromoted> = {}): ModelPromoted => ({
  ...ref(version),
  role: 'live',
  cause: version === 1 ? 'first_model' : 'gate',
  ...(version === 1 ? {} : { replaces: version - 1, gate: gateOf('promote', version - 1, version) }),
  ...held,
  reason: version === 1 ? 'First model' : 'Log loss fell by 0.02 (95 % interval 0.01 to 0.03)',
  actor: 'throughline',
  ...change,
});

export const refusedOf = (version: number, live: number, change: Partial<ModelRefused> = {}): ModelRefused => ({
  ...ref(version),
  gate: gateOf('refuse', live, version),
  ...held,
  reason: 'Log loss is not better',
  actor: 'throughline',
  ...change,
});

export const detectedOf = (change: Partial<DriftDetected> = {}): DriftDetected => ({
  detectionId: 'weekly/2011-03-07T00:00:00.000Z',
  job: 'weekly',
  pipeline: PIPELINE,
  model: MODEL,
  version: 1,
  window: { fromMs: MARCH_MS - 7 * DAY_MS, toMs: MARCH_MS },
  alarms: [
    {
      target: 'buyer.spend',
      method: 'psi',
      value: 0.31,
      threshold: 0.2,
      windowsInARow: 2,
      summary: 'psi of buyer.spend is 0.31, over 0.2',
    },
  ],
  goingOn: 0,
  ...change,
});

const figures = { window: { fromMs: MARCH_MS - 7 * DAY_MS, toMs: MARCH_MS }, values: 500, p05: 40, p50: 250, p95: 1200 };

export const fieldChangedOf = (change: Partial<FieldChanged> = {}): FieldChanged => ({
  findingId: 'winback/basket.updated//unitPrice//shop/uk/2011-03-07T00:00:00.000Z',
  pipeline: PIPELINE,
  subject: 'basket.updated',
  field: '/unitPrice',
  source: '/shop/uk',
  contractVersion: 1,
  owner: 'checkout',
  before: { ...figures, p05: 0.4, p50: 2.5, p95: 12 },
  after: figures,
  ratio: 100,
  features: ['basket_lines.unit_price_mean_60d'],
  summary: '/unitPrice of basket.updated from /shop/uk means something else: its median went from 2.5 to 250',
  ...change,
});

export const fieldRestoredOf = (change: Partial<FieldRestored> = {}): FieldRestored => ({
  findingId: fieldChangedOf().findingId,
  pipeline: PIPELINE,
  subject: 'basket.updated',
  field: '/unitPrice',
  source: '/shop/uk',
  window: { fromMs: MARCH_MS, toMs: MARCH_MS + 7 * DAY_MS },
  summary: '/unitPrice of basket.updated from /shop/uk is as before: its median is 2.5 again',
  ...change,
});
