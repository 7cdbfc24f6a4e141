import type { DecisionRecord, EventLog, LogRecord } from '#core';
import type { FeatureViewFile } from '#runtime';
import { receiptsOf, recordsOf } from './topic-contents.ts';

/**
 * Features by their definition and nothing else: from the whole list of earlier events, with nothing remembered. What the
 * runtime served must be the same; an event at a later offset cannot be in it, because it is never looked at.
 */

const DAY_MS = 86_400_000;

interface HistoricEvent {
  readonly offset: number;
  readonly type: string;
  readonly timeMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Valid events of a topic by partition and customer, in offset order. */
export class ServedHistory {
  readonly #events = new Map<string, HistoricEvent[]>();

  static async read(log: EventLog, topic: string): Promise<ServedHistory> {
    const history = new ServedHistory();
    const refused = new Set(
      (await receiptsOf(log))
        .filter(({ fate }) => fate === 'quarantined')
        .map(({ position }) => `${position.partition}/${position.offset}`),
    );
    for (const record of await recordsOf(log, topic)) {
      if (!refused.has(`${record.partition}/${record.offset}`)) history.#add(record);
    }
    return history;
  }

  /** The value of each feature of the views at a decision's place, null where nothing is known. */
  features(decision: DecisionRecord, views: readonly FeatureViewFile[]): Map<string, number | null> {
    const { partition, offset } = decision.position;
    const earlier = (this.#events.get(`${partition}/${decision.entity}`) ?? []).filter((event) => event.offset <= offset);
    const values = new Map<string, number | null>();
    for (const view of views) {
      const seen = earlier.filter(
        (event) => event.type === view.subject && (view.ownEvent === 'included' || event.offset < offset),
      );
      for (const feature of view.features) {
        values.set(`${view.view}.${feature.name}`, valueOf(feature, { view, seen, nowMs: decision.event.timeMs }));
      }
    }
    return values;
  }

  #add(record: LogRecord): void {
    const time = record.headers['ce_time'];
    if (time === undefined) return;
    const data = JSON.parse(new TextDecoder().decode(record.value)) as Record<string, unknown>;
    const key = `${record.partition}/${String(data['customerId'])}`;
    const event = { offset: record.offset, type: record.headers['ce_type'] ?? '', timeMs: Date.parse(time), data };
    const events = this.#events.get(key);
    if (events === undefined) this.#events.set(key, [event]);
    else events.push(event);
  }
}

type Feature = FeatureViewFile['features'][number];

interface Seen {
  readonly view: FeatureViewFile;
  readonly seen: readonly HistoricEvent[];
  readonly nowMs: number;
}

function within({ seen, nowMs }: Seen, days: number): readonly HistoricEvent[] {
  const today = Math.floor(nowMs / DAY_MS);
  return seen.filter(({ timeMs }) => {
    const day = Math.floor(timeMs / DAY_MS);
    return day <= today && day > today - days;
  });
}

function valueOf(feature: Feature, at: Seen): number | null {
  const events = within(at, Number.parseInt(feature.window, 10));
  const widest = Math.max(...at.view.features.map(({ window }) => Number.parseInt(window, 10)));
  const numbers = events.map(({ data }) => Number(data[feature.of ?? '']));
  const sum = numbers.reduce((total, value) => total + value, 0);
  const newest = events.at(-1);
  if (newest === undefined) {
    const isKnown = within(at, widest).length > 0;
    return isKnown && (feature.aggregate === 'count' || feature.aggregate === 'sum') ? 0 : null;
  }
  const byAggregate = {
    count: events.length,
    sum,
    mean: sum / events.length,
    min: Math.min(...numbers),
    max: Math.max(...numbers),
    last: numbers.at(-1) ?? null,
    days_since: (at.nowMs - newest.timeMs) / DAY_MS,
  };
  return byAggregate[feature.aggregate];
}
