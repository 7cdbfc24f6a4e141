import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DecisionRecord, type ReceiptRecord, traceIdOf } from '#core';
import { type SearchQuestion, searchJourneys } from '../../../collector/journeys/search.ts';
import type { StoredSummary } from '../../../collector/journeys/summaries.ts';
import { clearTables, telemetryForFile } from '../../support/telemetry.ts';
import {
  batchIdOf,
  batchRecord,
  DAY_MS,
  decisionRecord,
  NOW_MS,
  outcomeRecord,
  receiptRecord,
  storeAll,
} from './journey-records.ts';

const telemetry = telemetryForFile();

/** Many events share a time, an entity, a batch and an end to end: what an order must tell apart. */
const ROWS = 240;
const BOUND_US = 30_000;
const timeOf = (row: number): number => NOW_MS - 20 * DAY_MS + Math.floor((row * 7) % 41) * 3_600_000;
const waitOf = (row: number): number => (row * 13) % 40;
const batchOf = (row: number): number => 1 + Math.floor(row / 8);
const publishOf = (batch: number): number => 2000 + (batch % 3) * 1000;
const pipelineOf = (batch: number): string => (batch % 4 === 0 ? 'other' : 'shop');
const labelOf = (row: number): 0 | 1 | undefined => ([undefined, 0, 1, 0] as const)[row % 4];
const isBacklog = (row: number): boolean => batchOf(row) % 9 === 0;

const decisions: readonly DecisionRecord[] = Array.from({ length: ROWS }, (_, row) =>
  decisionRecord({
    id: `d${row}`,
    partition: row % 3,
    offset: row,
    pipeline: pipelineOf(batchOf(row)),
    timeMs: timeOf(row),
    entity: `c${row % 11}`,
    decision: row % 3 === 0 ? 'write' : 'none',
    fate: row % 10 === 9 ? 'collecting' : 'scored',
    batch: batchIdOf(batchOf(row)),
    waitMs: waitOf(row),
    backlog: isBacklog(row),
  }),
);
const receipts: readonly ReceiptRecord[] = Array.from({ length: ROWS }, (_, row) =>
  receiptRecord({
    id: `r${row}`,
    partition: row % 3,
    offset: ROWS + row,
    timeMs: timeOf(row + 5),
    entity: `c${row % 11}`,
    ...(row % 4 === 0 ? { fate: 'quarantined' as const, reason: `contract: ${row % 8}` } : {}),
  }),
);

beforeAll(async () => {
  await clearTables(telemetry.database());
  const batches = Array.from({ length: batchOf(ROWS - 1) }, (_, index) => index + 1);
  const outcomes = decisions.flatMap((decision, row) => {
    const label = labelOf(row);
    return label === undefined ? [] : [outcomeRecord(decision, label)];
  });
  await storeAll(telemetry.database(), {
    decisions,
    receipts,
    outcomes,
    batches: batches.map((batch) => {
      const rows = decisions.map((_, row) => row).filter((row) => batchOf(row) === batch && !isBacklog(row));
      const pipeline = pipelineOf(batch);
      return batchRecord({ batch: batchIdOf(batch), pipeline, waitsMs: rows.map(waitOf), publishUs: publishOf(batch) });
    }),
  });
});

/** The search in JavaScript: every event, its filters, its order. */
type Event = { readonly record: DecisionRecord | ReceiptRecord; readonly row: number };
const endToEndOf = (row: number): number => waitOf(row) * 1000 + publishOf(batchOf(row));
const isDecision = ({ record }: Event): boolean => 'predictionId' in record;
const ALL: readonly Event[] = [...decisions, ...receipts].map((record, index) => ({ record, row: index % ROWS }));

const FILTERS: Readonly<Record<string, (event: Event, value: never) => boolean>> = {
  pipeline: ({ record }, value: string) => record.pipeline === value,
  entities: ({ record }, value: readonly string[]) => value.includes(record.entity ?? ''),
  fate: ({ record }, value: string) => record.fate === value,
  reason: ({ record }, value: string) => 'reason' in record && record.reason === value,
  decision: ({ record }, value: string) => 'decision' in record && record.decision === value,
  label: (event, value: number) => isDecision(event) && labelOf(event.row) === value,
  fromMs: ({ record }, value: number) => record.event.timeMs >= value,
  toMs: ({ record }, value: number) => record.event.timeMs < value,
  longerThanUs: (event) => isDecision(event) && !isBacklog(event.row) && endToEndOf(event.row) > BOUND_US,
};

function expected({ order, limit: _limit, cursor: _cursor, ...filters }: SearchQuestion): readonly string[] {
  const isWanted = (event: Event): boolean =>
    Object.entries(filters).every(([name, value]) => value === undefined || FILTERS[name]?.(event, value as never) === true);
  const isSlowest = order === 'slowest';
  const found = ALL.filter((event) => isWanted(event) && (!isSlowest || (isDecision(event) && !isBacklog(event.row))));
  const keysOf = ({ record, row }: Event): readonly (number | string)[] => [
    isSlowest ? endToEndOf(row) : record.event.timeMs,
    record.pipeline,
    record.position.partition,
    record.position.offset,
  ];
  const direction = order === 'oldest' ? 1 : -1;
  return found.toSorted((a, b) => direction * compare(keysOf(a), keysOf(b))).map(({ record }) => record.event.id);
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  const [left, right] = [a[at] ?? 0, b[at] ?? 0];
  if (at === -1) return 0;
  return left < right ? -1 : 1;
}

async function allPages(question: SearchQuestion): Promise<readonly StoredSummary[]> {
  const found: StoredSummary[] = [];
  for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
    const { items, next } = await searchJourneys(telemetry.database(), { ...question, cursor });
    expect(items.length).toBeLessThanOrEqual(question.limit);
    found.push(...items);
    cursor = next;
  }
  return found;
}

describe('a search', () => {
  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });
  const question: fc.Arbitrary<SearchQuestion> = fc.record({
    order: fc.constantFrom('newest', 'oldest', 'slowest'),
    limit: fc.integer({ min: 7, max: 200 }),
    pipeline: maybe(fc.constantFrom('shop', 'other')),
    entities: maybe(fc.constantFrom(['c1'], ['c2', 'c3'], ['nobody'])),
    fate: maybe(fc.constantFrom('scored', 'collecting', 'quarantined', 'used_by_features', 'late')),
    reason: maybe(fc.constantFrom('contract: 0', 'contract: 4')),
    decision: maybe(fc.constantFrom('write', 'none')),
    label: maybe(fc.constantFrom(0, 1)),
    fromMs: maybe(fc.constant(NOW_MS - 20 * DAY_MS + 10 * 3_600_000)),
    toMs: maybe(fc.constant(NOW_MS - 20 * DAY_MS + 30 * 3_600_000)),
    longerThanUs: maybe(fc.constant({ shop: BOUND_US, other: BOUND_US })),
  });

  test('pages through every event that its filters let through, each once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        expect((await allPages(asked)).map(({ event }) => event.id)).toEqual(expected(asked));
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('tells each event’s outcome, end to end and what became of it', async () => {
    const found = await allPages({ order: 'oldest', limit: 200 });
    const told = found.map(({ event, label, endToEndUs, isLive, fate, reason, score }) => ({
      id: event.id,
      fate,
      label,
      endToEndUs,
      isLive,
      reason,
      score,
    }));
    const known = expected({ order: 'oldest', limit: 200 }).map((id) =>
      knownOf(ALL.find(({ record }) => record.event.id === id)),
    );
    expect(told).toEqual(known);
  });

  function knownOf(event: Event | undefined): object {
    const { record, row } = event ?? expect.fail('no such event');
    const shared = { id: record.event.id, fate: record.fate, reason: undefined, score: undefined };
    if (!('predictionId' in record))
      return { ...shared, label: undefined, endToEndUs: undefined, isLive: false, reason: record.reason };
    const score = record.fate === 'scored' ? 0.25 : undefined;
    return { ...shared, label: labelOf(row), endToEndUs: endToEndOf(row), isLive: !isBacklog(row), score };
  }

  test('by a trace finds both decisions and receipts of it', async () => {
    for (const id of ['d7', 'r8']) {
      const { items } = await searchJourneys(telemetry.database(), {
        order: 'newest',
        limit: 5,
        traceId: traceIdOf({ source: '/shop', id }),
      });
      expect(items.map(({ event }) => event.id)).toEqual([id]);
    }
  });
});
