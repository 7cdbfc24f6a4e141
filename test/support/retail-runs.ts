import path from 'node:path';
import {
  CONTROL_TYPES,
  type EventLog,
  HEADERS,
  type Health,
  type OutcomeRecord,
  type ReceiptRecord,
  systemClock,
  TOPICS,
} from '#core';
import { openEmbeddedLog } from '#runtime';
import { ThroughlineProcess } from './throughline-process.ts';
import { decisionsOf, type LastingDecision, lastingPart, outcomesOf, receiptsOf, recordsOf } from './topic-contents.ts';

/** Real processes on the bundled workspace, or on a part of it, without telemetry; and what they leave in the log. */
export class RetailRuns {
  readonly #folder: string;
  readonly #workspace: string;

  /** Data folders go into `folder`, by the name of the run. */
  constructor(folder: string, workspace: string) {
    this.#folder = folder;
    this.#workspace = workspace;
  }

  start(name: string, flags: readonly string[] = []): ThroughlineProcess {
    const data = path.join(this.#folder, name);
    return new ThroughlineProcess([
      'start',
      '--workspace',
      this.#workspace,
      '--data',
      data,
      '--port',
      '0',
      '--clickhouse',
      'off',
      ...flags,
    ]);
  }

  async withLog<T>(name: string, work: (log: EventLog) => Promise<T>): Promise<T> {
    const log = await openEmbeddedLog({ folder: path.join(this.#folder, name), clock: systemClock });
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  }
}

/** The closing tables. */
export function fatesOf(text: string): string {
  return text.slice(text.indexOf('fate '), text.indexOf('outcomes:'));
}

export async function untilRead(run: ThroughlineProcess, events: number): Promise<void> {
  for (;;) {
    const { eventsRead } = (await run.get('/api/health')) as { eventsRead: number };
    if (eventsRead >= events) return;
  }
}

/** Resolves when something of this kind has happened in this run. */
export async function untilHappens(run: ThroughlineProcess, moment: RegExp): Promise<void> {
  for (;;) {
    const { happenings, replay } = (await run.get('/api/health')) as Health;
    if (happenings.some((happening) => moment.test(happening))) return;
    if (replay.state === 'done') throw new Error(`the history ended without ${moment}:\n${happenings.join('\n')}`);
  }
}

export interface Fact {
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly fact: unknown;
}

/** What the control topic says of models, in order; figures of a gate to nine digits, as scores may differ in the last ones. */
export async function controlFacts(log: EventLog): Promise<readonly Fact[]> {
  const records = await recordsOf(log, TOPICS.control);
  return records
    .filter(({ headers }) => headers[HEADERS.type] !== CONTROL_TYPES.contractRegistered)
    .map(({ headers, value }) => ({
      type: headers[HEADERS.type],
      id: headers[HEADERS.id],
      fact: JSON.parse(new TextDecoder().decode(value), (_key, inner: unknown) =>
        typeof inner === 'number' && !Number.isInteger(inner) ? Number(inner.toFixed(5)) : inner,
      ) as unknown,
    }));
}

interface Prediction {
  readonly predictionId: string;
  readonly modelVersion: number;
  readonly decision: string;
  readonly score: number;
}

export interface YearOutcome {
  readonly predictions: readonly Prediction[];
  /** Predictions that a win-back was suggested for. */
  readonly winbacks: readonly (string | undefined)[];
  readonly decisions: readonly LastingDecision[];
  readonly receipts: readonly ReceiptRecord[];
  readonly outcomes: readonly OutcomeRecord[];
}

/** All that the year led to, by partition and offset, without the times of the processing clock. */
export async function outcomeOf(log: EventLog): Promise<YearOutcome> {
  const predictions = (await recordsOf(log, 'shop.predictions')).map(
    ({ value }) => JSON.parse(new TextDecoder().decode(value)) as Prediction,
  );
  const winbacks = (await recordsOf(log, 'shop.winbacks')).map(({ headers }) => headers[HEADERS.id]);
  const decisions = (await decisionsOf(log)).map(lastingPart);
  return { predictions, winbacks, decisions, receipts: await receiptsOf(log), outcomes: await outcomesOf(log) };
}
