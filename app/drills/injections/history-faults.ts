import type { Fault } from '#runbooks';
import type { HistoricEvent } from '#runtime';
import type { Injection } from './injection.ts';

type HistoryFault = Extract<Fault, { readonly name: 'F5' | 'F6' | 'F7' }>;

/** A factor must leave no trace but itself. */
const SIGNIFICANT_DIGITS = 12;

/** Producers that change what they send, or send nothing any more. */
export function injectIntoHistory(fault: HistoryFault): Injection {
  let isOn = false;
  const change = changeOf(fault);
  return {
    seams: {
      replay: {
        change: (event) => (isOn ? change(event) : event),
      },
    },
    begin: async ({ changes }) => {
      isOn = true;
      if (fault.name === 'F5')
        await changes.record({
          kind: 'deploy',
          subject: fault.source,
          version: '2',
          summary: `${fault.source} deployed`,
          actor: 'shop-platform',
        });
      return {};
    },
  };
}

/** What becomes of an event; undefined: it is never sent. */
function changeOf(fault: HistoryFault): (event: HistoricEvent) => HistoricEvent | undefined {
  switch (fault.name) {
    case 'F5':
      return (event) => (isOf(event, fault) ? { ...event, data: broken(event.data, fault) } : event);
    case 'F6':
      return (event) => (isOf(event, fault) ? { ...event, data: scaled(event.data, fault) } : event);
    case 'F7':
      return (event) => (event.type === fault.subject ? undefined : event);
  }
}

function isOf({ type, source }: HistoricEvent, fault: { readonly subject: string; readonly source: string }): boolean {
  return type === fault.subject && source === fault.source;
}

type Data = HistoricEvent['data'];

function broken(data: Data, { field, change }: Extract<Fault, { readonly name: 'F5' }>): Data {
  const { [field]: value, ...rest } = data;
  if (value === undefined) return data;
  return change.kind === 'renamed'
    ? { ...rest, [change.to]: value }
    : { ...rest, [field]: typeof value === 'number' ? value.toString() : value };
}

function scaled(data: Data, { field, factor }: Extract<Fault, { readonly name: 'F6' }>): Data {
  const value = data[field];
  return typeof value === 'number' ? { ...data, [field]: Number((value * factor).toPrecision(SIGNIFICANT_DIGITS)) } : data;
}
