import { describe, expect, it } from 'vitest';
import { askedOf, byUrgency, diagnosisState, durationOf, isFresh } from '../../../../dashboards/console/incidents/standing.ts';
import { NOW } from '../answers/incident-parts.ts';
import { incidents } from '../answers/incidents.ts';
import { BEING_DIAGNOSED, CONTRACT_BREAK, OUTSIDE, RESOLVED } from '../answers/other-incidents.ts';
import { SLOW_CONSUMER } from '../answers/slow-consumer.ts';

const NOW_MS = Date.parse(NOW);
const MINUTE_MS = 60_000;

describe('where an incident stands', () => {
  it('its stopwatch runs while the alert fires, never backwards, and stands once it is over', () => {
    expect(durationOf(SLOW_CONSUMER.incident, NOW_MS)).toEqual({ ms: 724_200, isRunning: true });
    expect(durationOf(SLOW_CONSUMER.incident, NOW_MS - 60 * MINUTE_MS).ms).toBe(0);
    expect(durationOf(RESOLVED.incident, NOW_MS)).toEqual({ ms: 10_230_000, isRunning: false });
  });

  it('a diagnosis is awaited for two minutes, and no longer', () => {
    expect(diagnosisState(SLOW_CONSUMER, NOW_MS)).toBe('there');
    expect(diagnosisState(BEING_DIAGNOSED, NOW_MS)).toBe('pending');
    expect(diagnosisState(BEING_DIAGNOSED, NOW_MS + 3 * MINUTE_MS)).toBe('missing');
    expect(diagnosisState(OUTSIDE, NOW_MS)).toBe('missing');
    expect(isFresh(BEING_DIAGNOSED.incident, NOW_MS)).toBe(true);
    expect(isFresh({ ...BEING_DIAGNOSED.incident, state: 'resolved' }, NOW_MS)).toBe(false);
  });

  it('what is asked of a person follows from its state', () => {
    expect(askedOf(SLOW_CONSUMER.incident)).toBe('nobody has taken it');
    expect(askedOf(OUTSIDE.incident)).toContain('no owner');
    expect(askedOf(CONTRACT_BREAK.incident)).toBe('the cause is not declared yet');
    expect(askedOf({ ...CONTRACT_BREAK.incident, declaredCause: { cause: 'x', actor: 'y' } })).toBeUndefined();
    expect(askedOf(RESOLVED.incident)).toBeUndefined();
  });

  it('what nobody has taken comes first, pages before tickets, then the newest', () => {
    const sorted = incidents('live').incidents.toSorted(byUrgency);
    const states = sorted.map(({ state }) => state);
    expect(states.lastIndexOf('open')).toBeLessThan(states.indexOf('acknowledged'));
    expect(states.lastIndexOf('acknowledged')).toBeLessThan(states.indexOf('resolved'));
    const open = sorted.filter(({ state }) => state === 'open').map(({ severity, alert }) => `${severity} ${alert}`);
    expect(open).toEqual(['page EventStuck', 'page PipelineSilent', 'page LatencyBudgetBurn', 'ticket KafkaBrokerDiskFull']);
  });
});
