import type { Moments, PredictionMoment, QuarantineMoment } from '#collector';

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

/** Links to what the history has to show, a line of words above each. */
export function momentLines({ quarantined, predicted }: Moments, base: string): string {
  const lines = [`everything at a glance\n  ${base}/`];
  if (quarantined !== undefined) lines.push(`${quarantineLine(quarantined)}\n  ${eventAddress(base, quarantined)}`);
  if (predicted !== undefined) lines.push(`${predictionLine(predicted)}\n  ${eventAddress(base, predicted)}`);
  return `${lines.join('\n')}\n`;
}
