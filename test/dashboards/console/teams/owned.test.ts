import { expect, it } from 'vitest';
import { groupedByKind } from '../../../../dashboards/console/teams/owned.ts';
import { teamAnswer } from '../answers/runbooks.ts';

it('what a team owns is grouped by kind, with a link where the console has a page for it', () => {
  const groups = groupedByKind(teamAnswer('growth-analytics', 'live')?.owns ?? []);
  expect(groups.map(({ words, items }) => [words, items.map(({ href }) => href)])).toEqual([
    ['pipelines', ['/search?pipeline=repurchase']],
    ['contracts', [undefined]],
    ['feature views', [undefined]],
    ['objectives', ['/slos?slo=repurchase-latency', '/slos?slo=repurchase-freshness']],
    ['alert rules', ['/slos?rule=LatencyBudgetBurn']],
    ['runbooks', ['/runbooks/LatencyBudgetBurn']],
  ]);
});
