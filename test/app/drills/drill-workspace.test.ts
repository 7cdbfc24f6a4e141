import { describe, expect, it } from 'vitest';
import { loadWorkspace } from '../../../app/config/index.ts';
import { bundledWorkspace, createDrillWorkspace } from '../../../app/drills/drill-workspace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the workspace of drills', () => {
  it('is the bundled one, but that nothing trains meanwhile, and that its history plays live from spring on', async () => {
    const bundled = await loadWorkspace(bundledWorkspace());
    const drills = await loadWorkspace(await createDrillWorkspace(await temporaryFolder()));
    expect(bundled.models[0]?.retraining).toBeDefined();
    expect(drills.models.map(({ retraining }) => retraining)).toEqual([undefined]);
    expect(drills.models[0]?.gate).toEqual(bundled.models[0]?.gate);
    expect(drills.driftJobs).toEqual([]);
    expect(drills.pipelines).toEqual(bundled.pipelines);
    expect(drills.alerts).toEqual(bundled.alerts);
    const { live } = drills.replay ?? {};
    expect(drills.replay).toEqual({ ...bundled.replay, live: { ...bundled.replay?.live, last: live?.last } });
    expect(live?.last).not.toBe(bundled.replay?.live?.last);
  });
});
