import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Commit, Consumer, EventLog, StateEntry } from '#core';
import type { LogUnderTest } from './log-fixture.ts';

const PARTITIONS = 3;
const GROUP = 'programs';

/** A step of a random program. `commit` awaits nothing; the steps that look at the log wait for what is under way. */
type Step =
  | {
      readonly kind: 'commit';
      readonly records: readonly (readonly [partition: number, value: string])[];
      readonly state: readonly (readonly [key: string, value: string])[];
      readonly withOffsets: boolean;
      readonly broken: boolean;
    }
  | { readonly kind: 'poll'; readonly maxRecords: number }
  | { readonly kind: 'seek'; readonly partition: number; readonly share: number }
  | { readonly kind: 'reopen' };

const partition = fc.integer({ min: 0, max: PARTITIONS - 1 });
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !/\p{Cs}/u.test(value)),
  fc.constant('x'.repeat(700)),
);
const key = fc.constantFrom('a', 'b', 'é', '\u{1f600}', '');

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      records: fc.array(fc.tuple(partition, text), { maxLength: 8 }),
      state: fc.array(fc.tuple(key, text), { maxLength: 3 }),
      withOffsets: fc.boolean(),
      broken: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('poll' as const), maxRecords: fc.integer({ min: 1, max: 9 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('seek' as const), partition, share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
);

/** What the log must hold, kept in plain arrays. */
class Model {
  readonly values: string[][] = Array.from({ length: PARTITIONS }, () => []);
  readonly state = new Map<string, string>();
  readonly committed: (number | undefined)[] = Array.from({ length: PARTITIONS }, () => undefined);
  positions: number[] = Array.from({ length: PARTITIONS }, () => 0);
}

/** A program under way: the real log beside the model. */
class Run {
  readonly #opened: LogUnderTest;
  readonly #topic: string;
  readonly #model = new Model();
  #log: EventLog;
  #consumer: Consumer | undefined;
  readonly #underWay: Promise<unknown>[] = [];

  constructor(opened: LogUnderTest, topic: string) {
    this.#opened = opened;
    this.#log = opened.log;
    this.#topic = topic;
  }

  async start(): Promise<void> {
    await this.#log.createTopic({ name: this.#topic, partitions: PARTITIONS, retention: {} });
    await this.#join();
  }

  async step(next: Step): Promise<void> {
    if (next.kind === 'commit') this.#commit(next);
    else if (next.kind === 'poll') await this.#poll(next.maxRecords);
    else if (next.kind === 'seek') this.#seek(next.partition, next.share);
    else await this.#reopen();
  }

  async finish(): Promise<void> {
    await this.#reopen();
    for (const [at, values] of this.#model.values.entries()) {
      const found: [number, string][] = [];
      for await (const record of this.#log.read({ topic: this.#topic, partition: at, from: 0 }))
        found.push([record.offset, decode(record.value)]);
      expect(found).toEqual(values.map((value, offset) => [offset, value]));
    }
    const entries: StateEntry[] = [];
    for await (const entry of this.#log.readState(this.#topic, 0)) entries.push(entry);
    expect(new Map(entries.map((entry) => [entry.key, decode(entry.value)]))).toEqual(this.#model.state);
    const committed = this.#model.committed.flatMap((offset, at) =>
      offset === undefined ? [] : [{ topic: this.#topic, partition: at, offset }],
    );
    expect(await this.#log.committed(`${GROUP}-${this.#topic}`, this.#topic)).toEqual(committed);
  }

  #commit(next: Extract<Step, { kind: 'commit' }>): void {
    const records = next.records.map(([at, value]) => ({ topic: this.#topic, partition: at, headers: { value }, value }));
    const state = next.state.map(([name, value]) => ({ store: this.#topic, partition: 0, key: name, value: Buffer.from(value) }));
    const positions = this.#model.positions.map((offset, at) => ({ topic: this.#topic, partition: at, offset }));
    const offsets = next.withOffsets && this.#consumer !== undefined ? { offsets: { consumer: this.#consumer, positions } } : {};
    const commit: Commit = {
      records: next.broken ? [...records, { topic: 'absent', headers: {}, value: '' }] : records,
      state,
      ...offsets,
    };
    if (next.broken) {
      this.#underWay.push(expect(this.#log.commit(commit)).rejects.toMatchObject({ code: 'BROKER_TOPIC_MISSING' }));
      return;
    }
    const expected = next.records.map(([at, value]) => ({
      topic: this.#topic,
      partition: at,
      offset: (this.#model.values[at]?.push(value) ?? 0) - 1,
    }));
    for (const [name, value] of next.state) this.#model.state.set(name, value);
    if (next.withOffsets) for (const { partition: at, offset } of positions) this.#model.committed[at] = offset;
    this.#underWay.push(this.#log.commit(commit).then((receipt) => expect(receipt.positions).toEqual(expected)));
  }

  async #poll(maxRecords: number): Promise<void> {
    await this.#settle();
    const there = this.#model.values.reduce(
      (sum, values, at) => sum + Math.max(0, values.length - (this.#model.positions[at] ?? 0)),
      0,
    );
    const maxWaitMs = there === 0 ? 0 : 10_000;
    const batches = (await this.#consumer?.poll({ maxRecords, maxWaitMs, signal: new AbortController().signal })) ?? [];
    const count = batches.reduce((sum, batch) => sum + batch.records.length, 0);
    expect(count).toBeLessThanOrEqual(Math.min(maxRecords, there));
    expect(count).toBeGreaterThanOrEqual(Math.min(1, there));
    for (const batch of batches) {
      const from = this.#model.positions[batch.partition] ?? 0;
      const expected = (this.#model.values[batch.partition] ?? []).slice(from, from + batch.records.length);
      expect(batch.records.map((record) => [record.offset, decode(record.value), record.headers['value']])).toEqual(
        expected.map((value, index) => [from + index, value, value]),
      );
      this.#model.positions[batch.partition] = from + batch.records.length;
    }
  }

  #seek(at: number, share: number): void {
    const offset = Math.floor((this.#model.values[at]?.length ?? 0) * share);
    this.#consumer?.seek({ topic: this.#topic, partition: at, offset });
    this.#model.positions[at] = offset;
  }

  async #reopen(): Promise<void> {
    // Commits under way are accepted: closing must let them end.
    const underWay = this.#settle();
    this.#log = await this.#opened.reopen();
    await underWay;
    await this.#join();
  }

  async #join(): Promise<void> {
    this.#consumer = await this.#log.join({ group: `${GROUP}-${this.#topic}`, topics: [this.#topic], from: 'start' });
    this.#model.positions = this.#model.committed.map((offset) => offset ?? 0);
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#underWay.splice(0));
  }
}

const decode = (value: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);

/** Runs random programs against the log and a model of it. */
export async function checkPrograms(open: () => Promise<LogUnderTest>): Promise<void> {
  const opened = await open();
  let log = opened.log;
  const reopen = async (): Promise<EventLog> => {
    log = await opened.reopen();
    return log;
  };
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const run = new Run({ ...opened, log, reopen }, `programs-${randomUUID()}`);
        await run.start();
        for (const next of steps) await run.step(next);
        await run.finish();
      }),
      { numRuns: 40 },
    );
  } finally {
    await opened.dispose();
  }
}
