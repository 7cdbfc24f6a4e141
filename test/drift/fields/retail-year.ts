import path from 'node:path';
import type { FieldProfileRecord } from '#core';
import { DayProfiles, profiledSubjects } from '../../../drift/fields/day-profiles.ts';
import type { FieldContract } from '../../../drift/fields/numeric-fields.ts';
import { type HistoricEvent, openHistory } from '../../../runtime/replay/history.ts';
import { ROOT } from '../../support/repository.ts';

/** The bundled year as its producers sent it, and with one that sent prices in pence for a month. */

export const RETAIL_CONTRACTS: readonly FieldContract[] = [
  { subject: 'basket.updated', contractVersion: 1, owner: 'shop-platform', fields: ['/line', '/quantity', '/unitPrice'] },
  { subject: 'purchase.completed', contractVersion: 1, owner: 'shop-platform', fields: ['/lines', '/units', '/amount'] },
  { subject: 'purchase.cancelled', contractVersion: 1, owner: 'shop-platform', fields: ['/lines', '/units', '/amount'] },
];
export const INCIDENT = { source: '/shop/united-kingdom', fromMs: Date.UTC(2011, 9, 1), toMs: Date.UTC(2011, 10, 1) } as const;
/** Enough for the baselines of the incident's weeks. */
const INCIDENT_PROFILES_FROM_MS = Date.UTC(2011, 7, 1);
const PRICES: readonly FieldContract[] = [
  { subject: 'basket.updated', contractVersion: 1, owner: 'shop-platform', fields: ['/unitPrice'] },
];

/** Profiles of both, as the profiler writes them of one partition; `clean` and `incident` are their pipelines. */
export async function retailYear(): Promise<readonly FieldProfileRecord[]> {
  const clean = new DayProfiles({ pipeline: 'clean', partition: 0 }, profiledSubjects(RETAIL_CONTRACTS));
  const inPence = new DayProfiles({ pipeline: 'incident', partition: 0 }, profiledSubjects(PRICES));
  for (const event of await retailEvents()) {
    clean.addEvent({ ...event, subject: event.type });
    if (isHit(event))
      inPence.addEvent({ ...event, subject: event.type, data: { unitPrice: Number(event.data['unitPrice']) * 100 } });
  }
  const profiles = clean.take();
  const unharmed = profiles.filter((profile) => profile.window.fromMs >= INCIDENT_PROFILES_FROM_MS && !isReplaced(profile));
  return [...profiles, ...unharmed.map((profile) => ({ ...profile, pipeline: 'incident' })), ...inPence.take()];
}

async function retailEvents(): Promise<Iterable<HistoricEvent>> {
  const folder = path.join(ROOT, 'examples/retail');
  const [file, module] = [path.join(folder, 'data/online-retail.parquet'), path.join(folder, 'replay.mjs')];
  return (await openHistory({ file, module })).events();
}

function isHit({ source, type, timeMs }: HistoricEvent): boolean {
  return source === INCIDENT.source && type === 'basket.updated' && timeMs >= INCIDENT.fromMs && timeMs < INCIDENT.toMs;
}

/** Whether the incident's prices stand in its place. */
function isReplaced({ source, field, window }: FieldProfileRecord): boolean {
  return source === INCIDENT.source && field === '/unitPrice' && window.fromMs >= INCIDENT.fromMs && window.toMs <= INCIDENT.toMs;
}
