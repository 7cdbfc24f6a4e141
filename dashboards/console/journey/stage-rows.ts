import type { Journey } from '#core';

type JourneyLatency = Journey['latency'];
type StageTime = JourneyLatency['stages'][number];

export interface StageRow {
  readonly stage: StageTime['stage'];
  readonly us: number;
  /** Where its bar begins and how long it is, per cent of the whole. */
  readonly left: number;
  readonly width: number;
  /** Drawn with a break: not to scale. */
  readonly isBroken: boolean;
  /** unheld: outside the latency objectives, so its budget is shown and not held against it. */
  readonly verdict: 'within' | 'over_p95' | 'over_p99' | 'waited' | 'unheld' | 'no_budget';
  readonly budget: StageTime['budget'];
}

/** Room for a bar that is not to scale, per cent. */
const BREAK_WIDTH = 12;

/**
 * The stages one behind the other, so that their bars add up to end to end. The broker wait of backlog is as long as the history waited
 * (hours, often): it is drawn with a break, and the rest shares a scale of its own.
 */
export function stageRows({ stages, isBacklog, isSkewed }: JourneyLatency): {
  readonly rows: readonly StageRow[];
  readonly sumUs: number;
} {
  const isBroken = ({ stage }: StageTime): boolean => isBacklog && stage === 'broker_wait';
  const scaledUs = stages.reduce((sum, stage) => sum + (isBroken(stage) ? 0 : Math.max(0, stage.us)), 0);
  const start = stages.some(isBroken) ? BREAK_WIDTH : 0;
  const perUs = (100 - start) / Math.max(scaledUs, 1);
  let left = start;
  const rows = stages.map((stage): StageRow => {
    const { us, budget } = stage;
    const shared = { stage: stage.stage, us, budget };
    if (isBroken(stage)) return { ...shared, left: 0, width: BREAK_WIDTH, isBroken: true, verdict: 'waited' };
    const row = {
      ...shared,
      left,
      width: Math.max(0, us) * perUs,
      isBroken: false,
      verdict: verdictOf(stage, !isBacklog && !isSkewed),
    };
    left += row.width;
    return row;
  });
  return { rows, sumUs: stages.reduce((sum, { us }) => sum + us, 0) };
}

function verdictOf({ us, budget }: StageTime, isHeld: boolean): StageRow['verdict'] {
  if (budget === null) return 'no_budget';
  if (!isHeld) return 'unheld';
  if (us > budget.p99Ms * 1_000) return 'over_p99';
  return us > budget.p95Ms * 1_000 ? 'over_p95' : 'within';
}
