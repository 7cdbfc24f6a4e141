import { describe, expect, it } from 'vitest';
import { openIn, toggled } from '../../../../dashboards/console/parts/open-ids.ts';

describe('what is unfolded stands in the address', () => {
  it('several at once, in the order in which they were opened, and nothing once all are closed', () => {
    const two = toggled(toggled(undefined, '1'), '3');
    expect(openIn(two)).toEqual(['1', '3']);
    expect(toggled(two, '1')).toBe('3');
    expect(toggled('3', '3')).toBeUndefined();
    expect(openIn(undefined)).toEqual([]);
  });
});
