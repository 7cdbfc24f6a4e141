import type { Cohort, Diagnosis } from '#core';

type StageName = Cohort['stages'][number]['stage'];

/** A stage in the good and in the bad cohort. */
export interface CohortStage {
  readonly stage: StageName;
  readonly goodMs: number;
  readonly badMs: number;
  readonly addedMs: number;
  readonly budgetMs: number | null;
  /** Of the bad cohort, against the stage's budget of the mean. */
  readonly isOver: boolean;
  /** Where its bars begin and end, as shares of the longer of both cohorts. */
  readonly good: readonly [number, number];
  readonly bad: readonly [number, number];
}

export interface CohortPicture {
  readonly stages: readonly CohortStage[];
  readonly goodMs: number;
  readonly badMs: number;
  /** The stage that grew most, and its share of all that was added; undefined where nothing grew. */
  readonly grower: { readonly stage: StageName; readonly addedMs: number; readonly share: number } | undefined;
}

const clamp = (ms: number): number => Math.max(0, ms);

/** Both cohorts stage by stage, each bar where the one before ends, on one scale. */
export function cohortPicture({ good, bad }: { readonly good: Cohort; readonly bad: Cohort }): CohortPicture {
  const names = [...new Set([...good.stages, ...bad.stages].map(({ stage }) => stage))];
  const meanOf = (cohort: Cohort, name: StageName): number =>
    clamp(cohort.stages.find(({ stage }) => stage === name)?.meanMs ?? 0);
  const goodMs = names.reduce((sum, name) => sum + meanOf(good, name), 0);
  const badMs = names.reduce((sum, name) => sum + meanOf(bad, name), 0);
  const scaleMs = Math.max(goodMs, badMs) || 1;
  let goodFrom = 0;
  let badFrom = 0;
  const stages = names.map((stage): CohortStage => {
    const [inGood, inBad] = [meanOf(good, stage), meanOf(bad, stage)];
    const budgetMs = [...bad.stages, ...good.stages].find((one) => one.stage === stage)?.budgetMeanMs ?? null;
    const row: CohortStage = {
      stage,
      goodMs: inGood,
      badMs: inBad,
      addedMs: inBad - inGood,
      budgetMs,
      isOver: budgetMs !== null && inBad > budgetMs,
      good: [goodFrom / scaleMs, (goodFrom + inGood) / scaleMs],
      bad: [badFrom / scaleMs, (badFrom + inBad) / scaleMs],
    };
    goodFrom += inGood;
    badFrom += inBad;
    return row;
  });
  return { stages, goodMs, badMs, grower: growerOf(stages) };
}

function growerOf(stages: readonly CohortStage[]): CohortPicture['grower'] {
  const addedMs = stages.reduce((sum, stage) => sum + clamp(stage.addedMs), 0);
  const most = stages.toSorted((a, b) => b.addedMs - a.addedMs)[0];
  if (most === undefined || most.addedMs <= 0) return undefined;
  return { stage: most.stage, addedMs: most.addedMs, share: most.addedMs / addedMs };
}

/** The stage that the first hypothesis is about. */
export function suspectStage(diagnosis: Diagnosis | null): StageName | undefined {
  return diagnosis?.hypotheses[0]?.stage ?? undefined;
}
