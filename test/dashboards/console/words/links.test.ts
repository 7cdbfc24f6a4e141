import { describe, expect, it } from 'vitest';
import { eventHref, searchHref, traceHref } from '../../../../dashboards/console/words/links.ts';

describe('addresses', () => {
  it('keep ids whole, whatever is in them', () => {
    const id = 'odd/%25 id?#&=1';
    const { pathname, search } = new URL(eventHref({ id, source: '/shop/a&b' }), 'http://localhost');
    expect(decodeURIComponent(pathname.split('/')[2] ?? '')).toBe(id);
    expect(new URLSearchParams(search).get('source')).toBe('/shop/a&b');
    expect(traceHref('00ff')).toBe('/traces/00ff');
  });

  it('name only the filters that are set', () => {
    expect(searchHref({ fate: 'quarantined', reason: undefined, entity: '' })).toBe('/search?fate=quarantined');
    expect(searchHref({})).toBe('/search');
  });
});
