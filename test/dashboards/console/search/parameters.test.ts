import { describe, expect, it } from 'vitest';
import { JourneySearch } from '#core';
import { beginOfDay, changed, parseParameters } from '../../../../dashboards/console/search/parameters.ts';

describe('the parameters of a search', () => {
  it('are those of the API, all of them', () => {
    const names = Object.keys(JourneySearch.properties);
    const search = new URLSearchParams(Object.fromEntries(names.map((name) => [name, name === 'fate' ? 'late' : 'x'])));
    expect(Object.keys(parseParameters(search)).sort()).toEqual(Object.keys(JourneySearch.properties).sort());
  });

  it('leave out what the API would refuse or does not know', () => {
    expect(parseParameters(new URLSearchParams('fate=lost&color=red&entity=&order=slowest'))).toEqual({ order: 'slowest' });
  });

  it('begin at the first page after a change, unless the change is the page', () => {
    expect(changed({ fate: 'late', cursor: '2' }, { order: 'oldest' })).toEqual({
      fate: 'late',
      cursor: undefined,
      order: 'oldest',
    });
    expect(changed({ fate: 'late', cursor: '2' }, { cursor: '3' })).toEqual({ fate: 'late', cursor: '3' });
  });

  it('hold days as the API wants times', () => {
    expect([beginOfDay('2011-09-14'), beginOfDay('')]).toEqual(['2011-09-14T00:00:00Z', undefined]);
  });
});
