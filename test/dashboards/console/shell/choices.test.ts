import { describe, expect, it } from 'vitest';
import { choicesFor, namedPlaces, operationsPlaces } from '../../../../dashboards/console/shell/choices.ts';
import { alerts } from '../answers/alerts.ts';
import { drifts } from '../answers/drift.ts';
import { FINGERPRINTS } from '../answers/incident-parts.ts';
import { incidents } from '../answers/incidents.ts';
import { models } from '../answers/models.ts';
import { find } from '../answers/receipts.ts';
import { runbooks } from '../answers/runbooks.ts';

describe('the choices of the one box', () => {
  it('are the places of the console while nothing is asked', () => {
    expect(choicesFor('', undefined).map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'place'));
  });

  it('are what was found, then the places whose words match', () => {
    expect(choicesFor('581483', find('581483')).map(({ kind }) => kind)).toEqual(['event', 'event', 'trace']);
    expect(choicesFor('slowest', undefined).map(({ title }) => title)).toEqual(['Slowest live events']);
    expect(choicesFor('no such thing', find('no such thing'))).toEqual([]);
  });

  it('are models and drift jobs, too, by their names and what they are', () => {
    const named = namedPlaces(models('live').models, drifts('live').jobs);
    expect(choicesFor('repurchase', undefined, named).map(({ href }) => href)).toEqual([
      '/models/repurchase',
      '/drift/repurchase-weekly',
    ]);
    expect(choicesFor('weekly', undefined, named).map(({ kind }) => kind)).toEqual(['job']);
    expect(choicesFor('models', undefined, named)[0]?.href).toBe('/models');
    expect(namedPlaces(undefined, undefined)).toEqual([]);
  });

  it('are incidents, alert rules, runbooks and the teams that answer for them', () => {
    const named = operationsPlaces({
      incidents: incidents('live').incidents,
      alerts: alerts('live').alerts,
      runbooks: runbooks().runbooks,
    });
    const of = (asked: string) => choicesFor(asked, undefined, named).map(({ kind, href }) => `${kind} ${href.split('?')[0]}`);
    expect(of('offset 140,901')).toEqual([`incident /incidents/${FINGERPRINTS.diagnosing}`]);
    expect(of(FINGERPRINTS.broken)).toEqual([`incident /incidents/${FINGERPRINTS.broken}`]);
    expect(of('ml-platform')).toEqual(['team /teams/ml-platform']);
    expect(of('runbook budget')).toContain('runbook /runbooks/LatencyBudgetBurn');
    expect(of('candidategap')).toEqual(['alert /slos', 'runbook /runbooks/CandidateGap']);
    expect(choicesFor('e', undefined, named)).toHaveLength(40);
    expect(operationsPlaces({})).toEqual([]);
  });
});
