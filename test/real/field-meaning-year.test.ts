import { beforeAll, describe, expect, it } from 'vitest';
import { type FieldProfileRecord, systemClock, TABLES } from '#core';
import { INCIDENT, retailYear } from '../drift/fields/retail-year.ts';
import { alertFile, allRules, firing, PIPELINE } from '../runbooks/rule-fixture.ts';
import { storeRecords, telemetryForFile } from '../support/telemetry.ts';

const DAY_MS = 86_400_000;
/** A day of the year is profiled in a minute. */
const STEP_MS = 60_000;
const NOW_MS = Math.floor(systemClock.now() / STEP_MS) * STEP_MS;
const LAST_DAY_MS = Date.UTC(2011, 11, 9);
const PATIENCE_MS = 180_000;
const store = telemetryForFile();

const storedMs = (dayMs: number): number => NOW_MS - ((LAST_DAY_MS - dayMs) / DAY_MS) * STEP_MS;

/** Days of event time after which the alert fires, with the producers that it names. */
async function findings(name: string, from: number, stepDays: number): Promise<readonly string[]> {
  const [rule] = allRules({
    slos: [],
    alerts: [alertFile('FieldMeaningChanged', { pipeline: name, window: '10m' })],
    pipelines: [{ ...PIPELINE, name }],
  });
  if (rule === undefined) throw new Error('FieldMeaningChanged makes a rule');
  const found: string[] = [];
  for (let dayMs = from; dayMs <= LAST_DAY_MS; dayMs += stepDays * DAY_MS) {
    for (const { source, field } of await firing(store.database(), rule, storedMs(dayMs) + STEP_MS / 2))
      found.push(`${new Date(dayMs).toISOString().slice(0, 10)} ${source} ${field}`);
  }
  return found;
}

describe('FieldMeaningChanged on the bundled year', () => {
  beforeAll(async () => {
    const ingestedMs = (record: object): number => storedMs((record as FieldProfileRecord).window.fromMs);
    await storeRecords(store.database(), { table: TABLES.fieldProfiles, records: await retailYear(), ingestedMs });
  }, PATIENCE_MS);

  it(
    'says nothing of its 38 producers, their Christmas and their wholesale orders',
    async () => {
      expect(await findings('clean', Date.UTC(2010, 11, 8), 1)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'tells the producer that sends pence for pounds after two event days of the change, for some days',
    async () => {
      const found = await findings('incident', INCIDENT.fromMs - 7 * DAY_MS, 1);
      const inTime = found.filter((line) => line < '2011-11');
      expect(inTime[0]).toBe('2011-10-03 /shop/united-kingdom /unitPrice');
      expect(inTime.length).toBeGreaterThanOrEqual(5);
      expect(found.every((line) => line.endsWith('/shop/united-kingdom /unitPrice'))).toBe(true);
    },
    PATIENCE_MS,
  );
});
