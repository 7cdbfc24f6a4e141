import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { DriftJobFile } from '../../../drift/jobs/config.ts';
import { parseDriftJob } from '../../../drift/jobs/job-spec.ts';

const DAY_MS = 86_400_000;
const LEAST: DriftJobFile = { job: 'weekly', owner: 'ml', description: 'All of it.', pipeline: 'repurchase', window: '7d' };

describe('parseDriftJob', () => {
  it('fills in what a file leaves out', () => {
    expect(parseDriftJob(LEAST)).toEqual({
      name: 'weekly',
      owner: 'ml',
      description: 'All of it.',
      pipeline: 'repurchase',
      windowMs: 7 * DAY_MS,
      minimumRows: 100,
      limits: { consecutive: 2, psi: 0.2, ks: 0.15, nullRate: 0.1, newCategory: 0.05, significance: 0.01 },
      quality: undefined,
      fields: undefined,
    });
    expect(parseDriftJob({ ...LEAST, quality: { window: '28d' }, fields: {} })).toMatchObject({
      quality: { windowMs: 28 * DAY_MS, minimumOutcomes: 200, loss: 0.03 },
      fields: { ratio: 5, minimumValues: 50, baselineMs: 56 * DAY_MS },
    });
  });

  it('keeps what a file says, as the bundled one does', () => {
    const text = readFileSync(path.join(import.meta.dirname, '../../../examples/retail/drift/repurchase-weekly.yaml'), 'utf8');
    const job = parseDriftJob(parse(text) as DriftJobFile);
    expect(job).toMatchObject({ name: 'repurchase-weekly', pipeline: 'repurchase', windowMs: 7 * DAY_MS, minimumRows: 100 });
    const limited = parseDriftJob({ ...LEAST, minimumRows: 30, limits: { psi: 0.5 }, fields: { baseline: '10d' } });
    expect(limited).toMatchObject({ minimumRows: 30, limits: { psi: 0.5, ks: 0.15 }, fields: { baselineMs: 10 * DAY_MS } });
  });
});
