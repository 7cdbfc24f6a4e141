import { describe, expect, it } from 'vitest';
import {
  driftHref,
  eventHref,
  incidentHref,
  modelHref,
  runbookHref,
  searchHref,
  sloHref,
  teamHref,
  traceHref,
} from '../../../../dashboards/console/words/links.ts';

describe('addresses', () => {
  it('keep ids whole, whatever is in them', () => {
    const id = 'odd/%25 id?#&=1';
    const { pathname, search } = new URL(eventHref({ id, source: '/shop/a&b' }), 'http://localhost');
    expect(decodeURIComponent(pathname.split('/')[2] ?? '')).toBe(id);
    expect(new URLSearchParams(search).get('source')).toBe('/shop/a&b');
    expect(traceHref('00ff')).toBe('/traces/00ff');
  });

  it('of models and drift jobs name what is open on them', () => {
    expect(modelHref('repurchase')).toBe('/models/repurchase');
    expect(modelHref('a b', { version: 5 })).toBe('/models/a%20b?version=5');
    expect(modelHref('m', { request: 'm/2011-06-06' })).toBe('/models/m?request=m%2F2011-06-06');
    expect(driftHref('weekly', { target: 'v.f', to: '2011-06-06T00:00:00Z' })).toBe(
      '/drift/weekly?target=v.f&to=2011-06-06T00%3A00%3A00Z',
    );
  });

  it('of incidents, objectives, runbooks and teams', () => {
    expect(incidentHref('00ff')).toBe('/incidents/00ff');
    expect(incidentHref('00ff', { startsAt: '2026-11-24T21:00:00.000Z' })).toBe(
      '/incidents/00ff?startsAt=2026-11-24T21%3A00%3A00.000Z',
    );
    expect([sloHref(), sloHref({ rule: 'a' }), sloHref({ slo: 'b' })]).toEqual(['/slos', '/slos?rule=a', '/slos?slo=b']);
    expect([runbookHref('EventStuck'), teamHref('a team')]).toEqual(['/runbooks/EventStuck', '/teams/a%20team']);
  });

  it('name only the filters that are set', () => {
    expect(searchHref({ fate: 'quarantined', reason: undefined, entity: '' })).toBe('/search?fate=quarantined');
    expect(searchHref({})).toBe('/search');
  });
});
