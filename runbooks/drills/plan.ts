import { createRandom } from '#core';
import { runbookError } from '../errors.ts';
import type { Decoy, DrillPlan, Fault, FaultName } from './faults.ts';
import { FAULTS } from './faults.ts';

/** What of a workspace faults may happen to. */
export interface DrillCatalog {
  /** Producers with enough traffic, the largest first. */
  readonly sources: readonly string[];
  readonly partitions: number;
  /** Fields that a contract asks for, and what they may be renamed to. */
  readonly breakable: readonly { readonly subject: string; readonly field: string; readonly renamed: string }[];
  /** Numeric fields with factors that leave every event valid. */
  readonly scalable: readonly {
    readonly subject: string;
    readonly field: string;
    readonly factors: readonly number[];
    /** How many of `sources` send it often enough. */
    readonly sources: number;
  }[];
  /** Views whose events may stop. */
  readonly stoppable: readonly { readonly view: string; readonly subject: string }[];
  /** Views whose values may get lost. */
  readonly losable: readonly string[];
  /** Features by which a candidate may be wrong. */
  readonly segments: readonly string[];
  /** Names of components that no pipeline of the workspace has to do with. */
  readonly bystanders: readonly string[];
}

/** Of a seed: each draws from it in the same order, so that the same seed is the same plan. */
interface Dice {
  readonly between: (low: number, high: number) => number;
  readonly whole: (low: number, high: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly chance: (share: number) => boolean;
}

const SLOW_STAGES = ['decode', 'contract', 'decide'] as const;
const EXCEPTIONS = [
  "Cannot read properties of undefined (reading 'toFixed')",
  'Maximum call stack size exceeded',
  'Invalid time value',
  'BigInt cannot be mixed with other types',
] as const;

/** The plan of a run: the same for the same fault, seed and catalogue. Throws RUNBOOK_DRILL_IMPOSSIBLE. */
export function planDrill(fault: FaultName, seed: number, catalog: DrillCatalog): DrillPlan {
  const dice = diceOf(seed * FAULTS.length + FAULTS.indexOf(fault));
  const eventsPerSecond = dice.whole(300, 600);
  const settleMs = dice.whole(4000, 8000);
  const decoy = dice.chance(0.5) ? planDecoy(dice, catalog) : null;
  return { seed, fault: planFault(fault, dice, catalog), eventsPerSecond, settleMs, decoy };
}

function planDecoy(dice: Dice, { bystanders }: DrillCatalog): Decoy {
  const kind = dice.chance(0.7) ? 'deploy' : 'setting';
  const subject = dice.pick(bystanders);
  const version = `${dice.whole(2, 9)}.${dice.whole(0, 20)}.${dice.whole(0, 9)}`;
  const summary = kind === 'deploy' ? `${subject} deployed` : `a setting of ${subject} changed`;
  return { kind, subject, version, summary, offsetMs: dice.whole(-3000, 1500) };
}

// oxlint-disable-next-line complexity -- one case a fault, and no logic in any
function planFault(name: FaultName, dice: Dice, catalog: DrillCatalog): Fault {
  switch (name) {
    case 'F0':
    case 'F3':
      return { name };
    case 'F1':
      return { name, stage: dice.pick(SLOW_STAGES), msPerRecord: dice.between(4, 9) };
    case 'F5':
      return planBreak(dice, catalog);
    case 'F6':
      return planScale(dice, catalog);
    case 'F7':
      return { name, ...dice.pick(catalog.stoppable) };
    case 'F9':
      return { name, view: dice.pick(catalog.losable), share: dice.between(0.2, 0.45), salt: dice.whole(1, 1_000_000) };
    case 'F10':
      return {
        name,
        feature: dice.pick(catalog.segments),
        quantile: dice.pick([0.5, 0.6, 0.7, 0.8]),
        bias: dice.between(0.2, 0.35) * (dice.chance(0.5) ? 1 : -1),
      };
    case 'F12':
      return dice.chance(0.5) ? { name, kind: 'lost' } : { name, kind: 'late', days: dice.whole(4, 8) };
    case 'F15':
      return { name, partition: dice.whole(0, catalog.partitions - 1), message: dice.pick(EXCEPTIONS) };
  }
}

function planBreak(dice: Dice, { sources, breakable }: DrillCatalog): Fault {
  const source = dice.pick(sources);
  const { subject, field, renamed } = dice.pick(breakable);
  const change = dice.chance(0.5) ? ({ kind: 'renamed', to: renamed } as const) : ({ kind: 'text' } as const);
  return { name: 'F5', source, subject, field, change };
}

function planScale(dice: Dice, catalog: DrillCatalog): Fault {
  const { subject, field, factors, sources } = dice.pick(catalog.scalable);
  return { name: 'F6', source: dice.pick(catalog.sources.slice(0, sources)), subject, field, factor: dice.pick(factors) };
}

function diceOf(seed: number): Dice {
  const random = createRandom(seed);
  const whole = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  return {
    between: (low, high) => low + random() * (high - low),
    whole,
    pick: (from) => {
      const picked = from[whole(0, from.length - 1)];
      if (picked === undefined)
        throw runbookError(
          'RUNBOOK_DRILL_IMPOSSIBLE',
          'a fault has nothing to choose from in the catalogue of the drills: add to it',
        );
      return picked;
    },
    chance: (share) => random() < share,
  };
}
