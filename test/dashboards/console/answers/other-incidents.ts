import type { IncidentAnswer } from '#core';
import { bare, before, change, diagnosis, FINGERPRINTS, summary, TEAMS } from './incident-parts.ts';
import { identity, minutesBefore } from './parts.ts';

/** The other states that an incident can be in. */

const BROKEN_START = before(47);

/** Acknowledged; its contract was broken by a producer. */
export const CONTRACT_BREAK: IncidentAnswer = {
  ...bare(
    summary({
      fingerprint: FINGERPRINTS.broken,
      alert: 'QuarantineGrowing',
      severity: 'ticket',
      startsAt: BROKEN_START,
      summary: 'Quarantine of repurchase grows: 18 % of basket.updated are refused.',
      owner: TEAMS.shop,
      state: 'acknowledged',
      acknowledgedBy: 'omar.h',
      firstHypothesis: '/shop/france sends qty in the place of quantity since 21:11 UTC.',
    }),
  ),
  description: 'Events that their contract refuses change no feature: decisions go on with older ones.',
  value: 0.18,
  impact: ['812 events of /shop/france since 21:13 UTC are in quarantine; other sources are as before.'],
  changes: [],
  exemplars: [
    {
      event: identity('581585:4', minutesBefore(9)),
      fate: 'quarantined',
      note: 'Refused at /quantity: it is missing.',
      endToEndMs: null,
      traceId: null,
    },
  ],
  runbook: { alert: 'QuarantineGrowing', checks: [], mitigations: [], escalate: '' },
  diagnosis: diagnosis(BROKEN_START, {
    summary: '/shop/france sends qty in the place of quantity since 21:11 UTC.',
    hypotheses: [
      {
        rank: 1,
        cause: 'contract_break',
        title: '/shop/france sends qty in the place of quantity since 21:11 UTC.',
        confidence: 'medium',
        score: 0.71,
        details: { source: '/shop/france', subject: 'basket.updated', field: '/quantity' },
        stage: 'contract',
        since: before(49),
        owner: TEAMS.shop,
        suspect: null,
        evidence: [
          {
            summary: 'All 812 refusals are of one source and one reason.',
            sql: 'SELECT source, reason, count() FROM receipts GROUP BY source, reason',
            rows: [{ source: '/shop/france', reason: 'contract: /quantity required', events: 812 }],
          },
        ],
        disproof: 'Another source is refused for the same reason.',
      },
    ],
  }),
  audit: [
    { at: BROKEN_START, kind: 'opened', actor: 'throughline', text: 'QuarantineGrowing fires.' },
    { at: before(46.8), kind: 'diagnosed', actor: 'throughline', text: '' },
    { at: before(40), kind: 'acknowledged', actor: 'omar.h', text: 'Calling the shop in France.' },
  ],
  links: { dashboard: '/d/throughline-contract?viewPanel=2', runbook: '/runbooks/QuarantineGrowing' },
};

const FRESH = summary({
  fingerprint: FINGERPRINTS.diagnosing,
  alert: 'EventStuck',
  startsAt: before(0.1),
  summary: 'Offset 140,901 of shop.events [3] is read again and again: 7 tries in 40 s.',
});

/** A moment old. */
export const BEING_DIAGNOSED: IncidentAnswer = {
  ...bare(FRESH),
  description: 'The partition stands still until the event is dealt with.',
  value: 7,
  runbook: { alert: 'EventStuck', checks: [], mitigations: [], escalate: '' },
  links: { dashboard: '/d/throughline-pipeline?viewPanel=6', runbook: '/runbooks/EventStuck' },
};

/** The same, its diagnosis there. */
export const JUST_DIAGNOSED: IncidentAnswer = {
  ...BEING_DIAGNOSED,
  incident: { ...FRESH, firstHypothesis: 'Event 581401:3 throws “quantity is not a number” in the feature view basket_lines.' },
  diagnosis: diagnosis(FRESH.startsAt, {
    summary: 'Event 581401:3 throws in basket_lines.',
    hypotheses: [
      {
        rank: 1,
        cause: 'poison_event',
        title: 'Event 581401:3 throws “quantity is not a number” in the feature view basket_lines.',
        confidence: 'high',
        score: 0.97,
        details: { partition: '3', offset: '140901' },
        stage: 'feature_read',
        since: FRESH.startsAt,
        owner: TEAMS.growth,
        suspect: null,
        evidence: [{ summary: '7 failures, all at one offset.', sql: 'SELECT 1', rows: [{ failures: 7 }] }],
        disproof: 'The next offset fails, too.',
      },
    ],
  }),
};

const OUTSIDE_START = before(190);

/** An alert of a Kafka cluster, about which nothing is known here. */
export const OUTSIDE: IncidentAnswer = {
  ...bare(
    summary({
      fingerprint: FINGERPRINTS.outside,
      alert: 'KafkaBrokerDiskFull',
      severity: 'ticket',
      startsAt: OUTSIDE_START,
      origin: 'alertmanager',
      pipeline: '',
      owner: null,
      summary: 'Broker kafka-3 has 4 % of its disk left.',
    }),
  ),
  labels: { alertname: 'KafkaBrokerDiskFull', severity: 'warning', instance: 'kafka-3:9308' },
};

const NOT_FOUND_START = before(95);

/** “Not found” is an answer. */
export const NOT_FOUND: IncidentAnswer = {
  ...bare(
    summary({
      fingerprint: FINGERPRINTS.notFound,
      alert: 'OutcomesNotJoined',
      severity: 'ticket',
      startsAt: NOT_FOUND_START,
      summary: 'Outcomes of repurchase are joined to 71 % of predictions; 98 % is promised.',
      owner: TEAMS.ml,
      state: 'acknowledged',
      acknowledgedBy: 'jana.k',
      firstHypothesis: null,
    }),
  ),
  value: 0.29,
  impact: ['1,204 predictions of the last day have no outcome where one is due.'],
  runbook: { alert: 'OutcomesNotJoined', checks: [], mitigations: [], escalate: 'shop-platform' },
  diagnosis: diagnosis(NOT_FOUND_START, {
    verdict: 'not_found',
    summary: 'Cause not found; ruled out: lost outcomes, late outcomes, stale feature view, skewed clocks.',
    hypotheses: [
      {
        rank: 1,
        cause: 'outcomes_late',
        title: 'Outcomes may come later than their horizon allows.',
        confidence: 'low',
        score: 0.12,
        details: {},
        stage: null,
        since: null,
        owner: null,
        suspect: null,
        evidence: [{ summary: 'Their median delay is 31 s, 29 s before.', sql: 'SELECT 31', rows: [] }],
        disproof: 'The delay stays where it is: it does.',
      },
    ],
    ruledOut: [
      { cause: 'outcomes_lost', why: 'purchase.completed comes at 31 a minute, as in the week before.' },
      { cause: 'outcomes_late', why: 'Their median delay is 31 s; it was 29 s.' },
      { cause: 'stale_view', why: 'Every view’s newest event is less than a minute old.' },
      { cause: 'clock_skew', why: 'No stage is negative.' },
    ],
  }),
  audit: [
    { at: NOT_FOUND_START, kind: 'opened', actor: 'throughline', text: '' },
    { at: before(94.8), kind: 'diagnosed', actor: 'throughline', text: 'Cause not found.' },
    { at: before(80), kind: 'acknowledged', actor: 'jana.k', text: '' },
  ],
  links: { dashboard: null, runbook: '/runbooks/OutcomesNotJoined' },
};

const AWAY_START = before(4);
const AWAY = 'The telemetry store was away (connection refused at 127.0.0.1:8123).';

/** It fired, and the store went away before it was diagnosed. */
export const STORE_AWAY: IncidentAnswer = {
  ...bare(
    summary({
      fingerprint: FINGERPRINTS.away,
      alert: 'PipelineSilent',
      startsAt: AWAY_START,
      summary: 'repurchase has made no decision for 4 minutes.',
    }),
  ),
  value: 240,
  runbook: {
    alert: 'PipelineSilent',
    checks: [
      {
        question: 'Do events still come?',
        query: 'arrivals',
        sql: 'SELECT count() FROM receipts',
        answer: 'failed',
        meaning: AWAY,
        columns: [],
        rows: [],
        tookMs: 3,
      },
    ],
    mitigations: [],
    escalate: '',
  },
  diagnosis: diagnosis(AWAY_START, {
    verdict: 'not_found',
    summary: 'Cause not found: none of 14 queries could be answered.',
    problems: [AWAY],
  }),
  links: { dashboard: null, runbook: '/runbooks/PipelineSilent' },
};

const RESOLVED_START = '2026-11-23T08:11:40.000Z';

/** Over, its cause declared. */
export const RESOLVED: IncidentAnswer = {
  ...bare(
    summary({
      fingerprint: FINGERPRINTS.resolved,
      alert: 'FieldMeaningChanged',
      severity: 'ticket',
      startsAt: RESOLVED_START,
      endsAt: '2026-11-23T11:02:10.000Z',
      summary: '/unitPrice of basket.updated means something else: its median is a hundredth of what it was.',
      owner: TEAMS.shop,
      state: 'resolved',
      acknowledgedBy: 'omar.h',
      declaredCause: {
        cause: 'The shop of the United Kingdom sent euros in the place of cents for three hours.',
        actor: 'omar.h',
      },
      firstHypothesis: '/unitPrice of /shop/united-kingdom is in another unit (×0.01) since 08:04 UTC.',
    }),
  ),
  value: 0.01,
  diagnosis: diagnosis(RESOLVED_START, {
    hypotheses: [
      {
        rank: 1,
        cause: 'field_meaning',
        title: '/unitPrice of /shop/united-kingdom is in another unit (×0.01) since 08:04 UTC.',
        confidence: 'high',
        score: 0.9,
        details: { source: '/shop/united-kingdom', field: '/unitPrice', subject: 'basket.updated' },
        stage: null,
        since: '2026-11-23T08:04:00.000Z',
        owner: TEAMS.shop,
        suspect: {
          change: change(-7, {
            start: RESOLVED_START,
            kind: 'field_changed',
            subject: 'basket.updated',
            summary: '/unitPrice of /shop/united-kingdom: median ×0.01.',
          }),
          why: 'It is the field itself.',
        },
        evidence: [
          { summary: 'Median 2.95, then 0.0295.', sql: 'SELECT median(unit_price) FROM events', rows: [{ median: 0.0295 }] },
        ],
        disproof: 'Sources other than it have the same step.',
      },
    ],
  }),
  audit: [
    { at: RESOLVED_START, kind: 'opened', actor: 'throughline', text: '' },
    { at: '2026-11-23T08:14:00.000Z', kind: 'acknowledged', actor: 'omar.h', text: '' },
    { at: '2026-11-23T10:20:00.000Z', kind: 'cause_declared', actor: 'omar.h', text: 'Euros in the place of cents.' },
    { at: '2026-11-23T11:02:10.000Z', kind: 'alert_resolved', actor: 'throughline', text: '' },
  ],
  links: { dashboard: null, runbook: '/runbooks/FieldMeaningChanged' },
};
