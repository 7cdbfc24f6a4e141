import { rm } from 'node:fs/promises';
import { type DrillReport, type DrillRun, type FaultName, planDrill, reportDrills } from '#runbooks';
import { prepareBase } from './drill-base.ts';
import { runDrill, runFolderOf } from './drill-run.ts';
import { RETAIL_CATALOG } from './retail-catalog.ts';

export interface DrillsOptions {
  /** Where the base is kept, and runs have their copies. */
  readonly folder: string;
  readonly faults: readonly FaultName[];
  /** Runs a fault; their seeds count up from the first one. */
  readonly runs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly announce: (sentence: string) => void;
  /** Told of each run that ended. */
  readonly ended: (run: DrillRun) => void;
}

/** Runs the drills, one after the other; at the signal the report is of those that ended before. Throws APP_DRILL_FAILED. */
export async function runDrills(options: DrillsOptions): Promise<DrillReport> {
  const done: DrillRun[] = [];
  try {
    await runAll(options, done);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
  return reportDrills(done);
}

async function runAll(options: DrillsOptions, done: DrillRun[]): Promise<void> {
  const { folder, faults, runs, seed, signal, announce, ended } = options;
  const base = await prepareBase(folder, { announce, signal });
  for (const fault of faults) {
    for (let index = 0; index < runs; index++) {
      signal.throwIfAborted();
      const plan = planDrill(fault, seed + index, RETAIL_CATALOG);
      const copy = runFolderOf(folder, plan);
      try {
        const run = await runDrill({ base, plan, folder: copy, signal });
        done.push(run);
        ended(run);
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
    }
  }
}
