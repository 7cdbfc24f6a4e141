import { TABLES } from '#core';
import type { FindingContext } from '../context.ts';
import { type Finding, resultsOf } from '../finding.ts';
import { within } from '../statement.ts';
import { counted, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('poison_event');
const MAX_MESSAGE = 160;
/** With a try at each of many positions, it is no one event's fault. */
const MANY_POSITIONS = 4;

interface FailedPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly source: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly failed_stage: string;
  readonly code: string;
  readonly text: string;
  readonly tries: number;
  readonly has_stopped: number;
  readonly since_ms: number;
  readonly last_ms: number;
}

const STATEMENT = `SELECT topic, partition, toString(offset) AS offset, argMax(source, at) AS source, argMax(event_id, at) AS event_id,
  argMax(event_type, at) AS event_type, argMax(stage, at) AS failed_stage, argMax(error_code, at) AS code, argMax(message, at) AS text,
  toFloat64(greatest(count(), max(attempt))) AS tries, toFloat64(max(is_stopped)) AS has_stopped,
  toFloat64(toUnixTimestamp64Milli(min(at))) AS since_ms, toFloat64(toUnixTimestamp64Milli(max(at))) AS last_ms
FROM ${TABLES.failures} WHERE pipeline = {pipeline:String} AND topic != '' AND ${within('at')}
GROUP BY topic, partition, offset ORDER BY tries DESC, since_ms LIMIT 10`;

/** One record fails again and again, and its partition stands. */
export const poisonEvent: Finding = {
  cause: 'poison_event',
  find: async (context) => {
    const { sql, rows } = await context.ask<FailedPosition>(STATEMENT);
    const [worst] = rows;
    if (worst === undefined) return ruledOut('No record has failed.');
    if (worst.tries < 2) return ruledOut(`${counted(rows.length, 'record')} failed, each once.`);
    const { topic, partition, offset, tries, since_ms: sinceMs } = worst;
    const place = `${topic}/${partition}@${offset}`;
    const text = worst.text.length > MAX_MESSAGE ? `${worst.text.slice(0, MAX_MESSAGE)}…` : worst.text;
    const event = worst.event_id === '' ? '' : ` (${worst.event_type} ${worst.event_id} of ${worst.source})`;
    const { pathway } = context;
    return found({
      strength: await strengthOf(context, worst, rows),
      title:
        `Partition ${partition} of ${topic} is stuck at offset ${offset} since ${timeOfDay(sinceMs)}: that event${event} has failed ` +
        `${counted(tries, 'time')}: ${text.replace(/\.$/u, '')}.`,
      details: { topic, partition: String(partition), offset },
      stage: null,
      sinceMs,
      owner: pathway.owner,
      components: [pathway.group, pathway.pipeline, ...(worst.source === '' ? [] : [worst.source])],
      evidence: [
        {
          summary: `${place} failed ${counted(tries, 'time')} with ${worst.code}${worst.failed_stage === '' ? '' : ` in ${worst.failed_stage}`}.`,
          sql,
          rows: rows.map((row) => ({ ...row })),
        },
      ],
      disproof: `An offset of partition ${partition} that was committed behind ${offset}, or the same exception at other offsets.`,
    });
  },
};

async function strengthOf(context: FindingContext, worst: FailedPosition, rows: readonly FailedPosition[]): Promise<number> {
  const { tries, partition, offset, has_stopped: hasStopped } = worst;
  const { buckets } = await context.groups();
  const committed = buckets.at(-1)?.partitions.get(partition)?.committed;
  if (committed !== undefined && committed > Number(offset)) return 0.35;
  const alike = rows.filter((row) => row.tries >= tries / 2 && row.text === worst.text);
  if (alike.length >= MANY_POSITIONS) return 0.45;
  return tries >= 3 || hasStopped === 1 ? 0.97 : 0.7;
}
