import { describe, expect, it } from 'vitest';
import { choicesFor } from '../../../../dashboards/console/shell/choices.ts';
import { find } from '../answers/receipts.ts';

describe('the choices of the one box', () => {
  it('are the places of the console while nothing is asked', () => {
    expect(choicesFor('', undefined).map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'place'));
  });

  it('are what was found, then the places whose words match', () => {
    expect(choicesFor('581483', find('581483')).map(({ kind }) => kind)).toEqual(['event', 'event', 'trace']);
    expect(choicesFor('slowest', undefined).map(({ title }) => title)).toEqual(['Slowest live events']);
    expect(choicesFor('no such thing', find('no such thing'))).toEqual([]);
  });
});
