import { onTestFinished } from 'vitest';
import { type EventLog, type FiredAlert, ManualClock, TOPICS } from '#core';
import { openEmbeddedLog } from '#runtime';
import type { IncidentDocument, Investigation } from '../../../runbooks/incidents/incident.ts';
import { IncidentBook, type IncidentBookDeps } from '../../../runbooks/incidents/incident-book.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const FINGERPRINT = '00000000000000aa';

/** A firing alert of ours. */
export const alertOf = (change: Partial<FiredAlert> & { readonly severity?: string } = {}): FiredAlert => {
  const { severity = 'page', ...rest } = change;
  return {
    fingerprint: FINGERPRINT,
    status: 'firing',
    startsAtMs: START_MS,
    endsAtMs: null,
    labels: { alertname: 'EventStuck', severity, pipeline: 'repurchase', team: 'growth' },
    annotations: { summary: 'One record holds it up.', description: 'd' },
    value: 3,
    origin: 'throughline',
    ...rest,
  };
};

const hypothesis: NonNullable<Investigation['diagnosis']>['hypotheses'][number] = {
  rank: 1,
  cause: 'poison_event',
  title: 'One record always fails.',
  confidence: 'high',
  score: 0.9,
  details: {},
  stage: null,
  since: null,
  owner: null,
  suspect: null,
  evidence: [{ summary: 's', sql: 'SELECT 1', rows: [] }],
  disproof: 'd',
};
/** What an investigation may find. */
export const FOUND: Investigation = {
  impact: ['A quarter of the customers waits.'],
  cohorts: null,
  changes: [],
  exemplars: [],
  checks: [],
  problems: [],
  diagnosis: {
    at: new Date(START_MS).toISOString(),
    tookMs: 5,
    verdict: 'found',
    summary: hypothesis.title,
    hypotheses: [hypothesis],
    ruledOut: [],
    problems: [],
  },
};

interface Opened {
  readonly book: IncidentBook;
  readonly log: EventLog;
  /** Closes both, as a process that ends does, and opens them again. */
  reopen(deps?: Partial<IncidentBookDeps>): Promise<Opened>;
}

/** A book over a real log; it investigates nothing unless it is told how. */
export async function openBook(
  clock: ManualClock = new ManualClock(START_MS + 1000),
  deps: Partial<IncidentBookDeps> = {},
  folder?: string,
): Promise<Opened> {
  const at = folder ?? (await temporaryFolder());
  const log = await openEmbeddedLog({ folder: at, clock });
  await log.createTopic({ name: TOPICS.control, partitions: 1, retention: {} });
  const book = new IncidentBook({ log, clock, investigate: async () => FOUND, ...deps });
  await book.start();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await book.stop();
    await log.close();
  };
  onTestFinished(close);
  return {
    book,
    log,
    reopen: async (changed = deps) => {
      await close();
      return openBook(clock, changed, at);
    },
  };
}

/** What happened to it, in order. */
export const stepsOf = (incident: IncidentDocument | undefined): readonly string[] =>
  incident?.audit.map(({ kind }) => kind) ?? [];
