import { FINGERPRINTS } from '../../dashboards/console/answers/incident-parts.ts';
import type { Scenario } from '../../dashboards/console/answers/overview.ts';

/** A page in a state, and how to tell that it is there. */
export interface Screen {
  readonly path: string;
  /** Text that is there once the screen is. */
  readonly shows: readonly (string | RegExp)[];
  readonly scenario?: Scenario;
  /** Of a page that another screen shows whole: at one size and in one scheme of each is enough. */
  readonly isVariant?: true;
  /** The API answers 404: the browser says so on its console. */
  readonly isMissing?: true;
}

/** Incidents, objectives, runbooks and teams. */
export const OPERATIONS: Readonly<Record<string, Screen>> = {
  incident: {
    path: `/incidents/${FINGERPRINTS.slow}?check=1,5&evidence=1.1&hypothesis=2,ruled-out`,
    shows: [
      /1\d\smin \d\d\ss/u,
      'nobody is on it yet',
      'very likely',
      'Processing per record rose from 0.9 ms to 14.6 ms',
      'suspect change',
      'What would disprove it',
      'SQL of evidence 1.1',
      /holds 88\s% of what was added: end to end went from 41\.2\sms to 819\sms/u,
      '2 of 4 changes touch the pathway',
      'not on the pathway',
      '581586:completed',
      'throughline pipeline rollback repurchase',
      'The table log_reads does not exist on this store.',
      'Lag grows on all partitions alike.',
      'The pool of the feature store was exhausted by a backfill.',
      'Alertmanager on-call took it.',
    ],
  },
  'incident, declaring its cause': {
    isVariant: true,
    path: `/incidents/${FINGERPRINTS.slow}?do=cause&confirms=2`,
    shows: ['Declare the cause', 'which hypothesis it confirms', 'none of them: something else'],
  },
  'incident, cause not found': {
    isVariant: true,
    path: `/incidents/${FINGERPRINTS.notFound}`,
    shows: ['Cause not found; 4 causes ruled out', 'No stage is negative.', 'jana.k is on it', 'possible'],
  },
  'incident, the store away': {
    isVariant: true,
    path: `/incidents/${FINGERPRINTS.away}`,
    shows: ['Not everything could be asked', 'It could not be counted.', 'failed'],
  },
  'incident, from outside': {
    isVariant: true,
    path: `/incidents/${FINGERPRINTS.outside}`,
    shows: ['raised by Alertmanager', 'has no runbook KafkaBrokerDiskFull', 'nobody: the alert names no team'],
  },
  'incident, resolved': {
    isVariant: true,
    path: `/incidents/${FINGERPRINTS.resolved}`,
    shows: ['went on for', 'sent euros in the place of cents', 'cause declared by omar.h', 'alert resolved'],
  },
  'incident, an earlier one': {
    isVariant: true,
    path: `/incidents/${FINGERPRINTS.slow}?startsAt=2026-11-11T09:02:11.000Z`,
    shows: ['The pool of the feature store was exhausted by a backfill.', 'No diagnosis was made of it'],
  },
  'no such incident': {
    isVariant: true,
    path: '/incidents/0000000000000000',
    isMissing: true,
    shows: ['No incident has this fingerprint', 'All incidents'],
  },
  incidents: {
    path: '/incidents',
    shows: ['6 open', '20 resolved', 'Being diagnosed …', 'cause declared', 'no owner is known', 'Show 5 more'],
  },
  'incidents, none': {
    isVariant: true,
    path: '/incidents?resolved=all',
    scenario: 'backlog',
    shows: ['Nothing burns.', 'Every incident is resolved.', 'Show fewer'],
  },
  slos: {
    path: '/slos?rule=latency-0,outcomes-not-joined&slo=repurchase-contract',
    shows: [
      'of the error budget left',
      'over the error budget: all of it is spent',
      'no event counts yet',
      '! 15 of 16 alerts',
      'cannot tell',
      'Its query failed: the table outcomes is being merged.',
      'PromQL',
      'answered 502, 6 times in a row',
    ],
  },
  'slos, a calm day': {
    isVariant: true,
    path: '/slos',
    scenario: 'backlog',
    shows: ['none fires', 'fires, as it should', 'nothing has been sent to it yet'],
  },
  runbooks: { isVariant: true, path: '/runbooks', shows: ['no drill has proven it yet', 'proven by drill F1'] },
  runbook: {
    path: '/runbooks/LatencyBudgetBurn?check=1',
    shows: [
      'The text <b>is text</b>.',
      'checks run at',
      'SQL of check 1',
      'proven by drill F1',
      'Escalate:',
      'burns its latency budget',
    ],
  },
  'no such runbook': {
    isVariant: true,
    path: '/runbooks/Nope',
    isMissing: true,
    shows: ['No runbook has this name', 'All runbooks'],
  },
  team: {
    path: '/teams/growth-analytics',
    shows: ['reach it at', 'growth-analytics@example.com', 'purchase_history', 'burns its latency budget', 'objectives'],
  },
  'a team at rest': {
    isVariant: true,
    path: '/teams/ml-platform',
    shows: ['None: nothing that it owns burns.', 'repurchase-weekly'],
  },
  'no such team': { isVariant: true, path: '/teams/nobody', isMissing: true, shows: ['No team has this name'] },
};
