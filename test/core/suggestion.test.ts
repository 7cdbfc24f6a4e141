import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findClosest } from '#core';

describe('findClosest', () => {
  it.each([
    ['BACKWARDS', 'BACKWARD'],
    ['backward', 'BACKWARD'],
    ['FRWARD', 'FORWARD'],
    ['FLUL', 'FULL'],
    ['SOMETHING', undefined],
    ['', undefined],
    ['X'.repeat(1000), undefined],
  ])('takes %s for %s', (word, meant) => {
    expect(findClosest(word, ['BACKWARD', 'FORWARD', 'FULL'])).toBe(meant);
  });

  it('finds the word from which one letter was lost', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,20}$/u), fc.nat(), (word, at) => {
        const index = at % word.length;
        expect(findClosest(word.slice(0, index) + word.slice(index + 1), ['0'.repeat(8), word])).toBe(word);
      }),
    );
  });
});
