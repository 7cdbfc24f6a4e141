import type { GateMoment, GovernanceMoments, Moments, PredictionMoment, QuarantineMoment, QuietLoss } from '#collector';

/** The address of an event's page, with no more escaped than a URL demands: ':' may stand in a path, ':' and '/' in a query. */
export function eventAddress(base: string, { eventId, source }: { readonly eventId: string; readonly source: string }): string {
  const id = encodeURIComponent(eventId).replaceAll('%3A', ':');
  const query = encodeURIComponent(source).replaceAll('%3A', ':').replaceAll('%2F', '/');
  return `${base}/events/${id}?source=${query}`;
}

function quarantineLine({ eventType, day, reason }: QuarantineMoment): string {
  return `a quarantined event and why: ${eventType} of ${day}, ${reason}`;
}

function predictionLine({ eventType, day, score, decision, outcome, label, daysToOutcome }: PredictionMoment): string {
  const result = label === 1 ? 'yes' : 'no';
  return `a prediction to its end: ${eventType} of ${day}, score ${score.toFixed(3)}, ${decision}; ${outcome}: ${result}, ${Math.round(daysToOutcome)} days later`;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function quietLossLine({ window, logLoss, lowestLogLoss, psi, psiThreshold }: QuietLoss): string {
  const green = `PSI at most ${psi.toFixed(2)} (limit ${psiThreshold})`;
  return `nothing drifts, and the model is wrong more often: week to ${dayOf(window.toMs)}, ${green}; log loss ${logLoss.toFixed(3)} after ${lowestLogLoss.toFixed(3)}`;
}

function gateLine(word: string, { model, version, atMs, reason }: GateMoment): string {
  return `a candidate ${word}: ${model} v${version} on ${dayOf(atMs)}. ${reason}`;
}

const modelAddress = (base: string, { model, version }: GateMoment): string => `${base}/models/${model}?version=${version}`;

/** Links to what the history has to show, a line of words above each. */
export function momentLines({ quarantined, predicted }: Moments, governed: GovernanceMoments, base: string): string {
  const { drift, promoted, refused, quietLoss, findings } = governed;
  const finding = findings[0];
  const lines: (string | undefined)[][] = [
    ['everything at a glance', `${base}/`],
    quarantined === undefined ? [] : [quarantineLine(quarantined), eventAddress(base, quarantined)],
    predicted === undefined ? [] : [predictionLine(predicted), eventAddress(base, predicted)],
    drift === undefined
      ? []
      : [`drift, first seen in the week to ${dayOf(drift.window.toMs)}: ${drift.summary}`, `${base}/drift/${drift.job}`],
    promoted === undefined ? [] : [gateLine('promoted', promoted), modelAddress(base, promoted)],
    refused === undefined ? [] : [gateLine('refused', refused), modelAddress(base, refused)],
    quietLoss === undefined
      ? []
      : [quietLossLine(quietLoss), `${base}/drift/${quietLoss.job}?target=outcome&to=${dayOf(quietLoss.window.toMs)}`],
    finding === undefined ? [] : [`a field silently changed: ${finding.summary}`, `${base}/drift`],
  ];
  return `${lines
    .filter((moment) => moment.length > 0)
    .map(([words, address]) => `${words}\n  ${address}`)
    .join('\n')}\n`;
}
