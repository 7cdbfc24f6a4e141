import { describe, expect, it } from 'vitest';
import { burningOf, waitingOf } from '../../../../dashboards/console/overview/waiting.ts';
import { alerts } from '../answers/alerts.ts';
import { drifts } from '../answers/drift.ts';
import { FINGERPRINTS } from '../answers/incident-parts.ts';
import { incidents } from '../answers/incidents.ts';

describe('what burns', () => {
  it('is every open incident once, with its link, and what fires without one', () => {
    const list = incidents('live').incidents;
    const rules = alerts('live').alerts;
    const flames = burningOf(list, rules);
    expect(flames).toHaveLength(6);
    expect(flames[0]?.href).toMatch(new RegExp(`^/incidents/${FINGERPRINTS.diagnosing}\\?startsAt=`, 'u'));
    const alone = burningOf(
      [],
      rules.map((rule) => ({ ...rule, series: rule.series.map((one) => ({ ...one, hasIncident: false })) })),
    );
    expect(alone.map(({ href }) => href)).toEqual(['/slos?rule=latency-0', '/slos?rule=quarantine-growing']);
  });

  it('is nothing where all is resolved, nor is Watchdog, which always fires', () => {
    expect(burningOf(incidents('backlog').incidents, alerts('backlog').alerts)).toEqual([]);
    const [first] = incidents('live').incidents;
    expect(burningOf(first === undefined ? [] : [{ ...first, severity: 'none' }], [])).toEqual([]);
  });
});

describe('what waits for a person', () => {
  it('is what nobody has taken, what has no cause, rules and notifications that fail, alerts without a runbook, open findings', () => {
    const waiting = waitingOf({ incidents: incidents('live').incidents, alerts: alerts('live'), jobs: drifts('huge').jobs });
    const words = waiting.map((one) => one.words);
    expect(words).toEqual([
      '3 incidents: nobody has taken it',
      'KafkaBrokerDiskFull: nobody has taken it, and it has no owner',
      '2 incidents: the cause is not declared yet',
      'OutcomesNotJoined: its rule cannot be evaluated',
      'chat does not take our notifications',
      '1 alert without a runbook',
      expect.stringContaining('finding open'),
    ]);
  });

  it('is nothing on a calm day', () => {
    expect(waitingOf({ incidents: incidents('backlog').incidents, alerts: alerts('backlog'), jobs: [] })).toEqual([]);
  });
});
