import { findEvent, findUses, type StoredDecision, type StoredEvent, type StoredReceipt } from '#collector';
import type { EventAnswer } from '#core';
import { appError } from '../errors.ts';
import type { ApiContext } from '../http/context.ts';
import { databaseOf } from '../http/telemetry-access.ts';
import { journeyOf } from './journey-view.ts';
import { readRawEvent } from './raw-event.ts';
import { receiptOf } from './receipt-view.ts';

export interface EventQuestion {
  readonly id: string;
  readonly source?: string;
}

type Stored = StoredDecision | StoredReceipt;

/** All that is known of an event. Throws APP_EVENT_UNKNOWN, APP_TELEMETRY_*, CLICKHOUSE_*. */
export async function answerEvent(context: ApiContext, question: EventQuestion): Promise<EventAnswer> {
  const event = await findEvent(databaseOf(context.telemetry), question.id);
  const records: readonly Stored[] = [...event.decisions, ...event.receipts];
  const chosen = chooseRecord(records, question.source);
  if (chosen === undefined) throw unknownEvent(context, question, records);
  const { source } = chosen.event;
  const ofSource = records.filter((record) => record.event.source === source);
  return {
    found: await foundOf(context, event, chosen),
    otherSources: [...new Set(records.map((record) => record.event.source))].filter((other) => other !== source).sort(),
    deliveries: ofSource.filter((record) => record !== chosen).map(({ fate, position }) => ({ fate, position })),
  };
}

/** The delivery that entered scoring, else the first one that was not sent again or too late, else the first. */
function chooseRecord(records: readonly Stored[], source: string | undefined): Stored | undefined {
  const wanted = source === undefined ? records : records.filter(({ event }) => event.source === source);
  const isRepeated = ({ fate }: Stored): boolean => fate === 'duplicate' || fate === 'late';
  return wanted.find((record) => !isRepeated(record)) ?? wanted[0];
}

async function foundOf(context: ApiContext, event: StoredEvent, chosen: Stored): Promise<EventAnswer['found']> {
  const database = databaseOf(context.telemetry);
  const [raw, spans] = await Promise.all([
    readRawEvent(context.log, chosen.position, context.index),
    // The waterfall is an extra: an event is told without it where its spans cannot be read.
    context.traces.read(database, chosen.traceId).catch(() => []),
  ]);
  if ('predictionId' in chosen) {
    const batch = event.batches.find(({ batchId }) => batchId === chosen.batchId);
    const outcome = event.outcomes.find(({ predictionId }) => predictionId === chosen.predictionId);
    return journeyOf({ decision: chosen, batch, outcome, spans, raw }, context);
  }
  const range = context.index.usesOf(chosen.views, chosen.event.timeMs);
  const uses = await findUses(database, { receipt: chosen, ...range });
  return receiptOf({ receipt: chosen, uses, spans, raw }, context);
}

function unknownEvent(
  { telemetry }: ApiContext,
  { id, source }: EventQuestion,
  records: readonly Stored[],
): ReturnType<typeof appError> {
  const { lagRecords } = telemetry.status();
  const from = source === undefined ? '' : ` from ${source}`;
  const others = [...new Set(records.map(({ event }) => event.source))];
  if (others.length > 0)
    return appError(
      'APP_EVENT_UNKNOWN',
      `there is no event ${id}${from}, but one from ${others.join(', ')}: ask with that source`,
    );
  const hint =
    lagRecords === 0
      ? 'every record that the outbox holds is stored: check the id (GET /api/find searches customers and traces too)'
      : `${lagRecords} records are still on their way to the telemetry store: ask again in a moment`;
  return appError('APP_EVENT_UNKNOWN', `no record of an event with the id ${id}${from} is stored; ${hint}`);
}
