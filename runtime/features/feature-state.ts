import { type FeatureStatus, type ServedFeatures, STORES, type StateEntry, type StateWrite } from '#core';
import { Panes, type WindowTotals } from './panes.ts';
import type { FeatureDefinition, FeatureView } from './view.ts';

const DAY_MS = 86_400_000;
/** Separates view from entity in stored keys; no view's name holds it. */
const SEPARATOR = '\u001f';

/** The values of one scored event, as columns in the order of `FeatureState.names`. */
export type FeatureRow = Omit<ServedFeatures, 'names'>;

/** An event as a view takes it. */
export interface FeatureEvent {
  readonly subject: string;
  readonly entity: string;
  readonly timeMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

interface ViewState {
  readonly view: FeatureView;
  readonly entities: Map<string, Panes>;
}

function valueOf(feature: FeatureDefinition, totals: WindowTotals, timeMs: number): number {
  switch (feature.aggregate) {
    case 'count':
      return totals.count;
    case 'sum':
      return totals.sum;
    case 'mean':
      return totals.sum / totals.count;
    case 'min':
      return totals.min;
    case 'max':
      return totals.max;
    case 'last':
      return totals.last;
    case 'days_since':
      return (timeMs - totals.newestMs) / DAY_MS;
  }
}

/**
 * The feature views' state for one partition: in memory, with the entities that changed since the last flush marked, so that
 * they are written in the same transaction as the offset that they stand for.
 */
export class FeatureState {
  /** Qualified names of all features, in the order of a row. */
  readonly names: readonly string[];
  readonly #partition: number;
  readonly #views: readonly ViewState[];
  readonly #bySubject = new Map<string, ViewState[]>();
  readonly #dirty = new Map<string, Panes | undefined>();

  constructor(partition: number, views: readonly FeatureView[]) {
    this.#partition = partition;
    this.#views = views.map((view) => ({ view, entities: new Map<string, Panes>() }));
    this.names = views.flatMap((view) => view.features.map((feature) => feature.name));
    for (const state of this.#views) {
      const { subject } = state.view;
      this.#bySubject.set(subject, [...(this.#bySubject.get(subject) ?? []), state]);
    }
  }

  /** Takes an entry of STORES.features back into memory; entries of views that are gone are left alone. */
  restore(entry: StateEntry): void {
    const end = entry.key.indexOf(SEPARATOR);
    const state = this.#views.find(({ view }) => view.name === entry.key.slice(0, end));
    state?.entities.set(entry.key.slice(end + SEPARATOR.length), new Panes(state.view.measures.length, entry.value));
  }

  /** Names of the views that take events of this subject. */
  viewsOf(subject: string): readonly string[] {
    return (this.#bySubject.get(subject) ?? []).map(({ view }) => view.name);
  }

  /** Applies an event to the views of its subject that (`included`) do or (`excluded`) do not see it when it is scored. */
  apply(event: FeatureEvent, ownEvent: 'included' | 'excluded'): void {
    for (const state of this.#bySubject.get(event.subject) ?? []) {
      if (state.view.ownEvent === ownEvent) this.#applyTo(state, event);
    }
  }

  /** Features of an entity as of an event time, from the events applied so far. */
  read(entity: string, timeMs: number): FeatureRow {
    const row: FeatureColumns = { values: [], eventTimesMs: [], statuses: [] };
    for (const { view, entities } of this.#views) readView(view, { panes: entities.get(entity), timeMs, row });
    return row;
  }

  /** Drops entities without an event in the widest window before this watermark; answers do not change by it. */
  evict(watermarkMs: number): void {
    for (const { view, entities } of this.#views) {
      const expired = Math.floor(watermarkMs / view.paneMs) - view.maxPanes;
      for (const [entity, panes] of entities) {
        if (panes.newestPane > expired) continue;
        entities.delete(entity);
        this.#dirty.set(view.name + SEPARATOR + entity, undefined);
      }
    }
  }

  /** What changed since the last call, as writes; the caller commits them with the offset. */
  takeWrites(): StateWrite[] {
    const writes: StateWrite[] = [];
    for (const [key, panes] of this.#dirty) {
      writes.push({ store: STORES.features, partition: this.#partition, key, value: panes?.toBytes() });
    }
    this.#dirty.clear();
    return writes;
  }

  #applyTo({ view, entities }: ViewState, event: FeatureEvent): void {
    let panes = entities.get(event.entity);
    if (panes === undefined) {
      panes = new Panes(view.measures.length);
      entities.set(event.entity, panes);
    }
    const pane = Math.floor(event.timeMs / view.paneMs);
    const values = view.measures.map((measure) => Number(event.data[measure] ?? 0));
    panes.add(pane, { timeMs: event.timeMs, values, expiredPane: Math.max(pane, panes.newestPane) - view.maxPanes });
    this.#dirty.set(view.name + SEPARATOR + event.entity, panes);
  }
}

interface FeatureColumns {
  readonly values: (number | null)[];
  readonly eventTimesMs: (number | null)[];
  readonly statuses: FeatureStatus[];
}

/** Appends a view's features to a row. */
function readView(
  view: FeatureView,
  { panes, timeMs, row }: { panes: Panes | undefined; timeMs: number; row: FeatureColumns },
): void {
  const lastPane = Math.floor(timeMs / view.paneMs);
  const known = panes?.window(lastPane, view.maxPanes, -1);
  for (const feature of view.features) {
    const totals = panes?.window(lastPane, feature.windowPanes, feature.measure);
    if (totals === undefined || known === undefined || !isFound(feature, totals, known)) {
      row.values.push(null);
      row.eventTimesMs.push(null);
      row.statuses.push('not_found');
      continue;
    }
    const eventTimeMs = totals.count > 0 ? totals.newestMs : known.newestMs;
    row.values.push(valueOf(feature, totals, timeMs));
    row.eventTimesMs.push(eventTimeMs);
    row.statuses.push(timeMs - eventTimeMs > view.staleAfterMs ? 'stale' : 'present');
  }
}

/** Whether there is a value: counts and sums over a window without events are 0, not missing, where the view knows the entity. */
function isFound(feature: FeatureDefinition, totals: WindowTotals, known: WindowTotals): boolean {
  if (totals.count > 0) return true;
  return known.count > 0 && (feature.aggregate === 'count' || feature.aggregate === 'sum');
}
