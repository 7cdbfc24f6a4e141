import { setTimeout as delay } from 'node:timers/promises';
import { fingerprintOf } from '#core';
import type { Fault } from '#runbooks';
import type { Stage } from '#runtime';
import type { Injection } from './injection.ts';

type Batch = Parameters<Stage['run']>[0];
type EventInFlight = Extract<Batch['items'][number], { readonly kind: 'event' }>;
type OpenPredictions = EventInFlight['lane']['openPredictions'];

const DAY_MS = 86_400_000;

/** Puts something around one stage. */
function aroundStage(name: string, around: (stage: Stage) => Stage['run']): (stages: readonly Stage[]) => readonly Stage[] {
  return (stages) => stages.map((stage) => (stage.name === name ? { ...stage, run: around(stage) } : stage));
}

const eventsOf = (batch: Batch): readonly EventInFlight[] => batch.items.filter((item) => item.kind === 'event');

/** So many ms more for each record. */
export function injectSlowness({ stage: name, msPerRecord }: Extract<Fault, { readonly name: 'F1' }>): Injection {
  let isOn = false;
  return {
    seams: {
      stages: aroundStage(name, (stage) => async (batch, signal) => {
        await stage.run(batch, signal);
        if (isOn) await delay(Math.round(msPerRecord * eventsOf(batch).length), undefined, { signal }).catch(() => undefined);
      }),
    },
    begin: async ({ changes, definition }) => {
      isOn = true;
      await changes.record({
        kind: 'deploy',
        subject: definition.name,
        version: '1.8.0',
        summary: `${definition.name} deployed`,
        actor: 'growth-analytics',
      });
      return {};
    },
  };
}

/** The same entities are hit at every read. */
function isHit(entity: string, { share, salt }: { readonly share: number; readonly salt: number }): boolean {
  return Number.parseInt(fingerprintOf([salt, entity]).slice(0, 8), 16) / 0x1_0000_0000 < share;
}

/** Values of a view get lost for some of the entities. */
export function injectLoss(fault: Extract<Fault, { readonly name: 'F9' }>): Injection {
  let isOn = false;
  return {
    seams: {
      stages: aroundStage('features', (stage) => async (batch, signal) => {
        await stage.run(batch, signal);
        if (!isOn) return;
        for (const event of eventsOf(batch))
          if (event.entity !== undefined && isHit(event.entity, fault)) lose(event, fault.view);
      }),
    },
    begin: async () => {
      isOn = true;
      return {};
    },
  };
}

function lose(event: EventInFlight, view: string): void {
  const { features, lane } = event;
  if (features === undefined) return;
  const isLost = lane.features.names.map((name) => name.startsWith(`${view}.`));
  event.features = {
    values: features.values.map((value, column) => (isLost[column] === true ? null : value)),
    eventTimesMs: features.eventTimesMs.map((time, column) => (isLost[column] === true ? null : time)),
    statuses: features.statuses.map((status, column) => (isLost[column] === true ? 'not_found' : status)),
  };
}

/** Outcomes find their predictions no more, or much later on the event clock. */
export function injectOutcomeFault(fault: Extract<Fault, { readonly name: 'F12' }>): Injection {
  let isOn = false;
  const changed = new WeakSet<OpenPredictions>();
  return {
    seams: {
      stages: aroundStage('outcomes', (stage) => async (batch, signal) => {
        if (isOn)
          for (const { lane } of batch.items) {
            if (changed.has(lane.openPredictions)) continue;
            changed.add(lane.openPredictions);
            change(lane.openPredictions, fault);
          }
        await stage.run(batch, signal);
      }),
    },
    begin: async () => {
      isOn = true;
      return {};
    },
  };
}

function change(open: OpenPredictions, fault: Extract<Fault, { readonly name: 'F12' }>): void {
  if (fault.kind === 'lost') {
    open.settle = () => [];
    return;
  }
  const settle = open.settle.bind(open);
  const waiting: Parameters<OpenPredictions['settle']>[] = [];
  open.settle = (entity, event) => {
    waiting.push([entity, event]);
    const due = waiting.filter(([, { timeMs }]) => timeMs <= event.timeMs - fault.days * DAY_MS);
    waiting.splice(0, due.length);
    return due.flatMap((one) => settle(...one));
  };
}
