import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseIncidents } from '../../../app/cli/incidents.ts';
import { loadWorkspace } from '../../../app/config/index.ts';
import { ROOT } from '../../support/repository.ts';

it('finds the bundled incident by its name, and refuses another with the names there are', async () => {
  const workspace = await loadWorkspace(join(ROOT, 'examples/retail'));
  expect(chooseIncidents(workspace, [])).toEqual([]);
  expect(chooseIncidents(workspace, ['price-x100', 'price-x100'])).toMatchObject([
    {
      name: 'price-x100',
      source: '/shop/united-kingdom',
      subject: 'basket.updated',
      field: 'unitPrice',
      multiply: 100,
      from: '2011-10-01',
      to: '2011-11-01',
    },
  ]);
  const refused = (name: string, message: string): void => {
    expect(() => chooseIncidents(workspace, [name])).toThrow(
      expect.objectContaining({ code: 'CONFIG_SETTINGS_INVALID', message }),
    );
  };
  refused(
    'price-x10',
    "--incident is 'price-x10', which is no incident of the workspace's replay.yaml; did you mean price-x100?",
  );
  refused('flood', "--incident is 'flood', which is no incident of the workspace's replay.yaml; there are price-x100");
  expect(() => chooseIncidents({}, ['flood'])).toThrow(/there are none yet$/u);
});
