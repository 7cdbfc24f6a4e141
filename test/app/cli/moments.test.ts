import { describe, expect, test } from 'vitest';
import { eventAddress } from '../../../app/cli/moments.ts';

describe('the address of an event', () => {
  test.each([
    ['575304:1', '/shop/united-kingdom', '/events/575304:1?source=/shop/united-kingdom'],
    ['a/b c?#%', 'urn:shop', '/events/a%2Fb%20c%3F%23%25?source=urn:shop'],
    ['1', '/a&b=c+d#e', '/events/1?source=/a%26b%3Dc%2Bd%23e'],
  ])('of %s from %s escapes only what it must, and reads back as it was', (eventId, source, address) => {
    expect(eventAddress('http://127.0.0.1:7070', { eventId, source })).toBe(`http://127.0.0.1:7070${address}`);
    const url = new URL(address, 'http://127.0.0.1:7070');
    expect(decodeURIComponent(url.pathname.split('/')[2] ?? '')).toBe(eventId);
    expect(url.searchParams.get('source')).toBe(source);
  });
});
