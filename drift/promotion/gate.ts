import type { EventWindow, GateCheck, GateQuality, GateVerdict } from '#core';
import { accuracy } from '../statistics/accuracy.ts';
import { auc } from '../statistics/auc.ts';
import { calibrationError } from '../statistics/calibration-error.ts';
import { LOG_LOSS_CLIP, logLoss } from '../statistics/log-loss.ts';
import type { ScoredLabels, Statistic } from '../statistics/statistic.ts';
import { pairedBootstrap } from './bootstrap.ts';
import type { GateSettings } from './settings.ts';

/** Matured outcomes with what both versions said, in an order that follows from the log. */
export interface GateRows {
  readonly labels: Uint8Array;
  readonly live: Float64Array;
  readonly candidate: Float64Array;
}

export interface GateQuestion {
  readonly liveVersion: number;
  readonly candidateVersion: number;
  /** Event time of the rows. */
  readonly window: EventWindow;
  readonly rows: GateRows;
  /** 99th percentile of the candidate's computing time for a micro-batch, µs, and what the pipeline's latency budget allows. */
  readonly latency: { readonly p99Us: number; readonly budgetUs: number };
  /** Largest difference of the ONNX file from direct computation, and of what was served in shadow from the same vectors scored again. */
  readonly parity: { readonly training: number; readonly served: number; readonly limit: number };
}

const figure = (statistic: Statistic): number | null => (statistic.status === 'ok' ? statistic.value : null);

function qualityOf(version: number, rows: ScoredLabels): GateQuality {
  return {
    version,
    logLoss: figure(logLoss(rows)),
    calibrationError: figure(calibrationError(rows)),
    auc: figure(auc(rows)),
    accuracy: figure(accuracy(rows)),
  };
}

function loss(label: number, score: number): number {
  const clipped = Math.min(1 - LOG_LOSS_CLIP, Math.max(LOG_LOSS_CLIP, score));
  return label === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
}

function differencesOf({ labels, live, candidate }: GateRows): Float64Array {
  return Float64Array.from(labels, (label, row) => loss(label, candidate[row] ?? 0) - loss(label, live[row] ?? 0));
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const shown = (value: number | null): string => (value === null ? 'not computable' : value.toFixed(3));

function checkOutcomes(rows: number, { minimumOutcomes }: GateSettings): GateCheck {
  return {
    name: 'outcomes',
    passed: rows >= minimumOutcomes,
    summary: `${rows} matured outcomes that it was not trained on; at least ${minimumOutcomes} are asked`,
  };
}

function checkLogLoss(live: GateQuality, candidate: GateQuality, difference: GateVerdict['difference']): GateCheck {
  if (difference === null) return { name: 'log_loss', passed: false, summary: 'nothing to compare log loss on' };
  const { mean, low, high, confidence } = difference;
  const interval = `${signed(mean)}, ${Math.round(confidence * 100)} % between ${signed(low)} and ${signed(high)}`;
  const against = `log loss ${shown(candidate.logLoss)} against ${shown(live.logLoss)} of v${live.version} (${interval})`;
  if (high < 0) return { name: 'log_loss', passed: true, summary: `better: ${against}` };
  return { name: 'log_loss', passed: false, summary: `${low > 0 ? 'worse' : 'not shown to be better'}: ${against}` };
}

function checkCalibration(live: GateQuality, candidate: GateQuality, tolerance: number): GateCheck {
  const passed =
    live.calibrationError !== null &&
    candidate.calibrationError !== null &&
    candidate.calibrationError <= live.calibrationError + tolerance;
  const summary = `calibration error ${shown(candidate.calibrationError)} against ${shown(live.calibrationError)} of v${live.version}; ${tolerance} more is allowed`;
  return { name: 'calibration', passed, summary };
}

function checkLatency({ p99Us, budgetUs }: GateQuestion['latency']): GateCheck {
  const passed = p99Us <= budgetUs;
  // No measured time in the record: it would be another one in every replay.
  const verdict = passed ? 'within' : 'over';
  return {
    name: 'latency',
    passed,
    summary: `p99 of computing a micro-batch is ${verdict} the ${budgetUs / 1000} ms that the latency budget allows`,
  };
}

function checkParity({ training, served, limit }: GateQuestion['parity']): GateCheck {
  const pairs = 'the ONNX file and direct computation, and what was served in shadow and the same vectors scored again,';
  if (training < limit && served < limit) return { name: 'parity', passed: true, summary: `${pairs} agree within ${limit}` };
  const figures = `${training.toExponential(1)} and ${served.toExponential(1)}`;
  return { name: 'parity', passed: false, summary: `${pairs} are up to ${figures} apart; less than ${limit} is asked` };
}

/**
 * Compares a candidate with the live version on outcomes that neither decides about any more. It passes where the whole bootstrap
 * interval of the difference in log loss is below zero, and no other check fails. Pure: the same question, the same verdict.
 */
export function judgeCandidate(question: GateQuestion, settings: GateSettings): GateVerdict {
  const { rows, window } = question;
  const { labels } = rows;
  const live = qualityOf(question.liveVersion, { labels, scores: rows.live });
  const candidate = qualityOf(question.candidateVersion, { labels, scores: rows.candidate });
  const { confidence, resamples, seed } = settings;
  const difference =
    labels.length === 0
      ? null
      : { ...pairedBootstrap(differencesOf(rows), { confidence, resamples, seed }), confidence, resamples, seed };
  const checks = [
    checkOutcomes(labels.length, settings),
    checkLogLoss(live, candidate, difference),
    checkCalibration(live, candidate, settings.calibrationTolerance),
    checkLatency(question.latency),
    checkParity(question.parity),
  ];
  const verdict = checks.every(({ passed }) => passed) ? 'promote' : 'refuse';
  return { verdict, checks, window, rows: labels.length, live, candidate, difference };
}

/** A verdict's reason in a sentence without its full stop: what it passed with, or the first check that failed. */
export function reasonOf({ verdict, checks }: GateVerdict): string {
  const byLogLoss = checks.find(({ name }) => name === 'log_loss')?.summary ?? '';
  if (verdict === 'promote') return `Passed its gate, ${byLogLoss}`;
  const failed = checks.filter(({ passed }) => !passed).map(({ summary }) => summary);
  return `Did not pass its gate: ${failed.join('; ')}`;
}
