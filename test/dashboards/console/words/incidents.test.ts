import { describe, expect, it } from 'vitest';
import { CAUSES } from '#core';
import { CAUSE_WORDS, contactHref, fromStart } from '../../../../dashboards/console/words/incidents.ts';

describe('words of incidents', () => {
  it('name each cause once', () => {
    expect(Object.keys(CAUSE_WORDS).sort()).toEqual([...CAUSES].sort());
    expect(new Set(Object.values(CAUSE_WORDS)).size).toBe(CAUSES.length);
  });

  it.each([
    [0, 'at the same moment'],
    [-0.5, '30\u202fs before'],
    [-3.2, '3\u202fmin before'],
    [21, '21\u202fmin after'],
  ])('%s minutes from the start are told as %s', (minutes, words) => {
    expect(fromStart(minutes)).toBe(words);
  });

  it.each([
    ['team@example.com', 'mailto:team@example.com'],
    ['https://chat.example/team', 'https://chat.example/team'],
    ['#team on the chat', undefined],
    ['javascript:alert(1)@x', undefined],
  ])('a contact %s leads to %s', (contact, href) => {
    expect(contactHref(contact)).toBe(href === undefined ? undefined : href);
  });
});
