import type { AlertRule, Database, EpochMs } from '#core';
import { fingerprintOf } from './fingerprint.ts';
import type { Sample } from './series-state.ts';

/** What a rule measured. */
export interface Measured {
  /** By fingerprint, each once. */
  readonly samples: readonly Sample[];
  /** Where there were more series than a rule may have. */
  readonly problem: string | undefined;
}

export interface RuleQuestion {
  readonly database: Database;
  readonly rule: AlertRule;
  readonly nowMs: EpochMs;
  readonly signal: AbortSignal;
  /** Fingerprints that have a state: at the limit they go first. */
  readonly known: ReadonlySet<string>;
}

/** Series of one rule; more are left out, the smallest first. */
export const MAX_SERIES = 100;
const MAX_SECONDS = 10;

/** Runs a rule's statement. Throws CLICKHOUSE_* or the signal's reason. */
export async function measure({ database, rule, nowMs, signal, known }: RuleQuestion): Promise<Measured> {
  const options = { params: { nowMs }, maxSeconds: MAX_SECONDS, signal };
  const rows = await database.query<Readonly<Record<string, unknown>>>(rule.sql, options);
  if (rows.length === 0 && rule.noData === 'firing') return { samples: [noDataSample(rule)], problem: undefined };
  const samples = new Map<string, Sample>();
  for (const sample of rows.map((row) => sampleOf(rule, row)).sort(byValue))
    if (!samples.has(sample.fingerprint)) samples.set(sample.fingerprint, sample);
  if (samples.size <= MAX_SERIES) return { samples: [...samples.values()], problem: undefined };
  const first = [...samples.values()].sort((a, b) => Number(known.has(b.fingerprint)) - Number(known.has(a.fingerprint)));
  return {
    samples: first.slice(0, MAX_SERIES),
    problem: `rule ${rule.id} has ${samples.size} series, and only ${MAX_SERIES} are looked at: let its statement group by less`,
  };
}

/** Labels of the rule, its alert, and the row's; a label without a value is none. */
function labelsOf(rule: AlertRule, row: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const columns = rule.labelColumns.map((column) => [column, textIn(row[column])] as const);
  const all = [['alertname', rule.alert] as const, ...Object.entries(rule.labels), ...columns];
  return Object.fromEntries(all.filter(([, value]) => value !== ''));
}

function sampleOf(rule: AlertRule, row: Readonly<Record<string, unknown>>): Sample {
  const labels = labelsOf(rule, row);
  const given = row['value'];
  const value = given === null || given === undefined || !Number.isFinite(Number(given)) ? null : Number(given);
  return { fingerprint: fingerprintOf(labels), labels, value, isOver: value !== null && value > rule.threshold };
}

/** A label is text; what else a column holds is written as JSON. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

function noDataSample(rule: AlertRule): Sample {
  const labels = labelsOf(rule, {});
  return { fingerprint: fingerprintOf(labels), labels, value: null, isOver: true };
}

function byValue(a: Sample, b: Sample): number {
  return (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY);
}
