import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type BatchRecord, STAGES, type StageMarks } from '#core';
import { type Distribution, type LatencyQuestion, readLatency } from '../../../collector/journeys/pipeline-latency.ts';
import { clearTables, telemetryForFile } from '../../support/telemetry.ts';
import { batchIdOf, batchRecord, NOW_MS, storeAll } from './journey-records.ts';

const telemetry = telemetryForFile();
beforeEach(() => clearTables(telemetry.database()));

const question: LatencyQuestion = { pipeline: 'shop', nowMs: NOW_MS, windowsSeconds: [900, 3600], breachUs: 20_000 };
const MINUTE_MS = 60_000;

/** Each stage by its own pair: from, length; as the batch has them one after another, with gaps. */
const batch = fc.record({
  waitsMs: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 }),
  lengthsUs: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 7, maxLength: 7 }),
  gapUs: fc.integer({ min: 0, max: 300 }),
  minutesAgo: fc.integer({ min: 0, max: 14 }),
  backlog: fc.nat(5),
  skewed: fc.nat(3),
});

function recordOf(
  { waitsMs, lengthsUs, gapUs, ...more }: typeof batch extends fc.Arbitrary<infer T> ? T : never,
  index: number,
): BatchRecord {
  let atUs = 0;
  const pairs = lengthsUs.map((lengthUs) => {
    const fromUs = atUs + gapUs;
    atUs = fromUs + lengthUs;
    return [fromUs, atUs] as const;
  });
  const [batchWait, contract, featureRead, modelQueue, modelCompute, decide] = pairs;
  const marks = { batchWait, contract, featureRead, modelQueue, modelCompute, decide } as unknown as StageMarks;
  const decisions = waitsMs.length + more.backlog + more.skewed;
  const record = batchRecord({ batch: batchIdOf(index + 1), waitsMs, publishUs: atUs, marks, decisions, skewed: more.skewed });
  return { ...record, publish: pairs[6] ?? [0, 0], publishedMs: NOW_MS - more.minutesAgo * MINUTE_MS };
}

/** By the definition: the smallest value that at least the level’s share of all values does not exceed; ClickHouse takes the next one at a tie. */
function distributionOf(values: readonly number[]): readonly (number | undefined)[] {
  const sorted = values.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const at = (level: number): number | undefined => sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))];
  return sorted.length === 0 ? [] : [mean, at(0.5), at(0.95), at(0.99)];
}

const figuresOf = ({ meanUs, p50Us, p95Us, p99Us }: Distribution): readonly (number | undefined)[] => [
  meanUs,
  p50Us,
  p95Us,
  p99Us,
];

/** A weighted percentile may fall on either side of a tie; the two neighbours in the order of values are right. */
function isPercentile(found: number, values: readonly number[], level: number): boolean {
  const below = values.filter((value) => value < found).length;
  const upTo = values.filter((value) => value <= found).length;
  return below <= level * values.length && upTo >= level * values.length;
}

describe('the latency of a pipeline', () => {
  test('is what its records add up to, stage by stage', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 8 }), async (made) => {
        await clearTables(telemetry.database());
        const records = made.map(recordOf);
        await storeAll(telemetry.database(), { batches: records });
        const found = await readLatency(telemetry.database(), { ...question, windowsSeconds: [900] });
        const each = records.flatMap((record) =>
          record.endToEndUs.map((wholeUs, row) => ({ record, wholeUs, waitUs: record.brokerWaitUs[row] ?? 0 })),
        );
        expect(found).toMatchObject({
          windowSeconds: 900,
          decisions: each.length,
          skewed: records.reduce((sum, { skewed }) => sum + skewed, 0),
          backlogDecisions: records.reduce(
            (sum, { decisions, skewed, endToEndUs }) => sum + decisions - skewed - endToEndUs.length,
            0,
          ),
          breaches: each.filter(({ wholeUs }) => wholeUs > question.breachUs).length,
        });
        expectDistribution(
          found.endToEnd,
          each.map(({ wholeUs }) => wholeUs),
        );
        expectDistribution(
          found.stages.broker_wait,
          each.map(({ waitUs }) => waitUs),
        );
        for (const stage of STAGES.filter((name) => name !== 'broker_wait'))
          expectDistribution(
            found.stages[stage],
            each.map(({ record }) => lengthOf(record, stage)),
          );
        const stagesOf = (record: BatchRecord): number =>
          STAGES.reduce((sum, stage) => sum + (stage === 'broker_wait' ? 0 : lengthOf(record, stage)), 0);
        expectDistribution(
          found.stages.unattributed,
          each.map(({ record, wholeUs, waitUs }) => wholeUs - waitUs - stagesOf(record)),
        );
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  function expectDistribution(found: Distribution, values: readonly number[]): void {
    const [mean] = distributionOf(values);
    if (mean === undefined) return expect(figuresOf(found)).toEqual([undefined, undefined, undefined, undefined]);
    expect(found.meanUs).toBeCloseTo(mean, 6);
    for (const [figure, level] of [
      [found.p50Us, 0.5],
      [found.p95Us, 0.95],
      [found.p99Us, 0.99],
    ] as const)
      expect({ level, figure, isRight: figure !== undefined && isPercentile(figure, values, level) }).toMatchObject({
        isRight: true,
      });
    return undefined;
  }

  test('looks further back where the last minutes hold too little, and says how far', async () => {
    const waitsMs = Array.from({ length: 40 }, () => 5);
    await storeAll(telemetry.database(), {
      batches: [
        batchRecord({ batch: batchIdOf(1), waitsMs: [1, 2], publishUs: 10, publishedMs: NOW_MS - MINUTE_MS }),
        batchRecord({ batch: batchIdOf(2), waitsMs, publishUs: 10, publishedMs: NOW_MS - 30 * MINUTE_MS }),
        batchRecord({ batch: batchIdOf(3), waitsMs, publishUs: 10, publishedMs: NOW_MS - 90 * MINUTE_MS }),
        batchRecord({ batch: batchIdOf(4), waitsMs, publishUs: 10, publishedMs: NOW_MS - MINUTE_MS, pipeline: 'other' }),
      ],
    });
    expect(await readLatency(telemetry.database(), question)).toMatchObject({ windowSeconds: 3600, decisions: 42 });
    expect(await readLatency(telemetry.database(), { ...question, windowsSeconds: [60 * 5] })).toMatchObject({
      windowSeconds: 300,
      decisions: 2,
    });
  });

  test('of nothing is nothing', async () => {
    const found = await readLatency(telemetry.database(), question);
    expect(found).toMatchObject({ windowSeconds: 3600, decisions: 0, breaches: 0 });
    expect(figuresOf(found.endToEnd)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

function lengthOf({ marks, publish }: BatchRecord, stage: string): number {
  const pairs: Readonly<Record<string, readonly [number, number]>> = {
    batch_wait: marks.batchWait,
    contract: marks.contract,
    feature_read: marks.featureRead,
    model_queue: marks.modelQueue,
    model_compute: marks.modelCompute,
    decide: marks.decide,
    publish,
  };
  const [from, to] = pairs[stage] ?? [0, 0];
  return to - from;
}
