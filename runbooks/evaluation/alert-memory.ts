import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { type EventLog, type FiredAlert, STORES, type StateWrite } from '#core';
import type { SeriesState } from './series-state.ts';

const closed = { additionalProperties: false } as const;
const Labels = Type.Record(Type.String(), Type.String());
const Value = Type.Union([Type.Number(), Type.Null()]);
const Ms = Type.Number();

const SeriesSchema = Type.Object(
  {
    fingerprint: Type.String(),
    phase: Type.Enum(['pending', 'firing']),
    labels: Labels,
    value: Value,
    sinceMs: Ms,
    overMs: Ms,
    clearMs: Type.Union([Ms, Type.Null()]),
  },
  closed,
);
/** What is written down of a series, with its rule: one whose rule is gone has to be resolved without it. */
const LiveSchema = Type.Object({ kind: Type.Literal('live'), ruleId: Type.String(), series: SeriesSchema }, closed);
const ResolvedSchema = Type.Object(
  {
    kind: Type.Literal('resolved'),
    atMs: Ms,
    alert: Type.Object(
      {
        fingerprint: Type.String(),
        status: Type.Enum(['firing', 'resolved']),
        startsAtMs: Ms,
        endsAtMs: Type.Union([Ms, Type.Null()]),
        labels: Labels,
        annotations: Labels,
        value: Value,
        origin: Type.Enum(['throughline', 'alertmanager', 'grafana']),
      },
      closed,
    ),
  },
  closed,
);
const memorySchema = Compile(Type.Union([LiveSchema, ResolvedSchema]));

/** An alert that was resolved, kept for a while: it is told again after a restart, and known when it comes back from elsewhere. */
export interface ResolvedMemory {
  readonly atMs: number;
  readonly alert: FiredAlert;
}

export interface AlertMemory {
  /** Rule's id to fingerprint to state. */
  readonly live: Map<string, Map<string, SeriesState>>;
  /** By key. */
  readonly resolved: Map<string, ResolvedMemory>;
}

/** All that is written down; what cannot be read counts as not there. */
export async function loadAlertMemory(log: Pick<EventLog, 'readState'>): Promise<AlertMemory> {
  const memory: AlertMemory = { live: new Map(), resolved: new Map() };
  for await (const { key, value } of log.readState(STORES.alerts, 0)) {
    const entry: unknown = parseJson(value);
    if (!memorySchema.Check(entry)) continue;
    if (entry.kind === 'resolved') memory.resolved.set(key, { atMs: entry.atMs, alert: entry.alert });
    else {
      const ofRule = memory.live.get(entry.ruleId) ?? new Map<string, SeriesState>();
      memory.live.set(entry.ruleId, ofRule.set(entry.series.fingerprint, entry.series));
    }
  }
  return memory;
}

export function liveWrite(ruleId: string, fingerprint: string, series: SeriesState | undefined): StateWrite {
  return write(`live/${ruleId}/${fingerprint}`, series === undefined ? undefined : { kind: 'live', ruleId, series });
}

/** The key of a resolved alert's memory. */
export function resolvedKeyOf({ fingerprint, startsAtMs }: FiredAlert): string {
  return `resolved/${fingerprint}/${startsAtMs}`;
}

export function resolvedWrite(key: string, memory: ResolvedMemory | undefined): StateWrite {
  return write(key, memory === undefined ? undefined : { kind: 'resolved', ...memory });
}

function write(key: string, entry: object | undefined): StateWrite {
  const value = entry === undefined ? undefined : Buffer.from(JSON.stringify(entry));
  return { store: STORES.alerts, partition: 0, key, value };
}

function parseJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(value));
  } catch {
    return undefined;
  }
}
