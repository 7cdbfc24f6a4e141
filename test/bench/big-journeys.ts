import type { Database } from '#core';

/** Decisions of a batch, as live traffic has them. */
const BATCH = 100;
const CHUNK = 1_000_000;
export const BIG_FEATURES = 20;

const MARKS = ['batch_wait', 'contract', 'feature_read', 'model_queue', 'model_compute', 'decide'];
/** Each stage takes 200 to 1,200 µs, the same for all events of a batch. */
const length = (mark: number): string => `(200 + cityHash64(batch, ${mark}) % 1000)`;
const start = (mark: number): string =>
  Array.from({ length: mark }, (_, index) => length(index))
    .concat('0')
    .join(' + ');
const markValues = MARKS.flatMap((name, mark) => [
  `${start(mark)} AS ${name}_from_us`,
  `${start(mark + 1)} AS ${name}_to_us`,
]).join(',\n');
const publishFrom = start(MARKS.length);
const publishTo = `${publishFrom} + 1000 + cityHash64(batch, 9) % 9000`;
const waitMs = (row: string): string => `(2 + cityHash64(${row}, 5) % 40 + if(cityHash64(${row}, 6) % 1000 = 0, 600, 0))`;

const time = (expression: string): string => `fromUnixTimestamp64Milli(toInt64(${expression}))`;

export interface BigJourneys {
  readonly decisions: number;
  /** End of the 24 hours of ingest, epoch ms. */
  readonly nowMs: number;
  /** Begin of the year of event time, epoch ms. */
  readonly yearMs: number;
}

const entityOf = (number: string): string => `concat('c', leftPad(toString(${number}), 15, '0'))`;

/** One of the entities in the tables. */
export function bigEntity(number: number): string {
  return `c${String(number).padStart(15, '0')}`;
}

/** Fills the empty tables by SQL: live decisions of a day, with batches and outcomes, and as many receipts. */
export async function fillBigJourneys(database: Database, { decisions, nowMs, yearMs }: BigJourneys): Promise<void> {
  const dayMs = 86_400_000;
  const msOf = (row: string): string => `${nowMs - dayMs} + ${row} * ${dayMs / decisions}`;
  const eventMs = (row: string): string => `${yearMs} + ${row} * ${(365 * dayMs) / decisions}`;
  const names = Array.from({ length: BIG_FEATURES }, (_, index) => `view${index % 4}.feature_${index}`).join(',');
  const event = (row: string, kind: string): string => `'shop' AS pipeline, 'shop.events' AS topic,
    toUInt16(${row} % 4) AS partition, intDiv(${row}, 4) AS offset, '/shop/orders' AS source, concat('${kind}-', toString(${row})) AS event_id,
    '${kind}.done' AS event_type, ${time(eventMs(row))} AS event_time, ${entityOf(`cityHash64(${row}) % 100000`)} AS entity,
    '${kind}.done' AS contract_subject, 1 AS contract_version,
    substring(SHA256(concat('/shop/orders', '\\0', concat('${kind}-', toString(${row})), '\\0', '0')), 1, 16) AS trace_id`;
  for (let from = 0; from < decisions; from += CHUNK) {
    const count = Math.min(CHUNK, decisions - from);
    const rows = `FROM (SELECT number + ${from} AS row, intDiv(row, ${BATCH}) AS batch FROM numbers(${count}))`;
    await insert(
      database,
      'decisions',
      `${time(msOf('row'))} AS ingested, if(row < ${decisions / 10}, 'collecting', 'scored') AS fate, ${event('row', 'order')},
      reinterpretAsFixedString(sipHash128(row)) AS prediction_id, '${names}' AS feature_set,
      arrayMap(i -> if(i = 7, NULL, (row % (i + 3)) / 3.), range(${BIG_FEATURES})) AS feature_values,
      arrayMap(i -> toNullable(toInt64(i * 1000)), range(${BIG_FEATURES})) AS feature_ages_ms,
      arrayMap(i -> if(i = 7, 'not_found', 'present'), range(${BIG_FEATURES})) AS feature_statuses,
      'again' AS model, 1 + intDiv(row, 4000000) AS model_version, 'live' AS model_role, (cityHash64(row, 1) % 10000) / 10000. AS score,
      if(score < 0.35, 'write', 'none') AS decision, false AS replay, false AS backlog,
      ${time(`${msOf(`batch * ${BATCH}`)} - 500`)} AS polled, ${time(`${msOf(`batch * ${BATCH}`)} - 500 - ${waitMs('row')}`)} AS appended,
      false AS skewed, cityHash64(batch) AS batch_id, ${markValues} ${rows}`,
    );
    await insert(
      database,
      'receipts',
      `${time(msOf('row'))} AS ingested, multiIf(row % 100 = 3, 'quarantined', row % 50 = 7, 'duplicate', 'used_by_features') AS fate,
      ${event('row', 'line')}, if(fate = 'used_by_features', 'view0,view1', '') AS view_set,
      if(fate = 'quarantined', 'contract: line.done /quantity minimum', '') AS reason,
      if(fate = 'quarantined', 'data/quantity is -3 but must be >= 1', '') AS detail, NULL AS duplicate_of, false AS replay ${rows}`,
    );
    await insert(
      database,
      'outcomes',
      `${time(msOf('row'))} AS ingested, 'shop' AS pipeline, 'again_30d' AS outcome, reinterpretAsFixedString(sipHash128(row)) AS prediction_id,
      '/shop/orders' AS source, concat('order-', toString(row)) AS event_id, '' AS entity, row % 3 = 0 AS label,
      ${time(eventMs('row'))} AS predicted_at, ${time(`${eventMs('row')} + ${30 * dayMs}`)} AS matured_at, '' AS settled_by_source, '' AS settled_by_id
      ${rows} WHERE row < ${decisions * 0.9}`,
    );
    await insert(
      database,
      'batches',
      `${time(msOf(`batch * ${BATCH}`))} AS ingested, 'shop' AS pipeline, cityHash64(batch) AS batch_id, ${time(`${msOf(`batch * ${BATCH}`)} - 500`)} AS polled,
      ${time(`${msOf(`batch * ${BATCH}`)} - 480`)} AS published, ${markValues}, ${publishFrom} AS publish_from_us, ${publishTo} AS publish_to_us,
      ${BATCH} AS events, ${BATCH} AS decisions, 0 AS skewed,
      arrayMap(i -> toUInt64(${waitMs(`(batch * ${BATCH} + i)`)} * 1000), range(${BATCH})) AS broker_wait_us,
      arrayMap(us -> toUInt64(us + publish_to_us), broker_wait_us) AS end_to_end_us
      FROM (SELECT number + ${from / BATCH} AS batch FROM numbers(${count / BATCH}))`,
    );
  }
}

/** The columns are those that the statement names with AS at its top level, in the order in which they stand. */
async function insert(database: Database, table: string, select: string): Promise<void> {
  const described = await database.query<{ name: string }>(`DESCRIBE TABLE (SELECT ${select})`);
  const columns = described.map(({ name }) => name).join(', ');
  await database.command(`INSERT INTO ${table} (${columns}) SELECT ${select}`, { maxSeconds: 600, maxBytes: 4 * 1024 ** 3 });
}
