import { describe, expect, it } from 'vitest';
import { choicesFor, namedPlaces } from '../../../../dashboards/console/shell/choices.ts';
import { drifts } from '../answers/drift.ts';
import { models } from '../answers/models.ts';
import { find } from '../answers/receipts.ts';

describe('the choices of the one box', () => {
  it('are the places of the console while nothing is asked', () => {
    expect(choicesFor('', undefined).map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => 'place'));
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
});
