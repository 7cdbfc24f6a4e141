import { describe, expect, test } from 'vitest';
import { formatCount, formatTable } from '../../../app/cli/tables.ts';

describe('tables', () => {
  test('put the first column left and the others right', () => {
    expect(
      formatTable(
        ['fate', 'events'],
        [
          ['scored', '12'],
          ['late', '3'],
        ],
      ),
    ).toBe(['fate    events', '──────  ──────', 'scored      12', 'late         3'].join('\n'));
  });

  test('group thousands', () => {
    expect([0, 999, 558_521].map(formatCount)).toEqual(['0', '999', '558,521']);
  });
});
