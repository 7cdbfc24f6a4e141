import type { RunbookAnswer, RunbookList, TeamAnswer } from '#core';
import { before, FINGERPRINTS, TEAMS } from './incident-parts.ts';
import { LATENCY_RUNBOOK } from './latency-runbook.ts';
import { STORE_AWAY } from './other-incidents.ts';
import type { Scenario } from './overview.ts';
import { PIPELINE } from './parts.ts';

function runbookSummary(alert: string, more: Partial<RunbookList['runbooks'][number]> = {}): RunbookList['runbooks'][number] {
  return {
    alert,
    severity: 'ticket',
    owner: TEAMS.growth,
    slo: null,
    meaning: 'What it measures is over its threshold, and those who use the pipeline notice.',
    checks: 4,
    firing: false,
    verifiedBy: { drill: 'F7', date: '2026-11-20', seconds: 8.4 },
    ...more,
  };
}

export function runbooks(): RunbookList {
  return {
    runbooks: [
      runbookSummary('LatencyBudgetBurn', {
        severity: 'page',
        slo: 'repurchase-latency',
        meaning: 'Decisions take longer than the latency budget allows, so fast that the budget of 30 days is gone in days.',
        checks: 5,
        firing: true,
        verifiedBy: { drill: 'F1', date: '2026-11-20', seconds: 11.6 },
      }),
      runbookSummary('QuarantineGrowing', { owner: TEAMS.shop, firing: true }),
      runbookSummary('EventStuck', { severity: 'page', verifiedBy: null }),
      runbookSummary('OutcomesNotJoined', { owner: TEAMS.ml }),
      runbookSummary('PipelineSilent', { severity: 'page' }),
      runbookSummary('FieldMeaningChanged', { owner: TEAMS.shop }),
      ...['FreshnessBudgetBurn', 'ContractBudgetBurn', 'OutcomeBudgetBurn', 'RetrainingBudgetBurn', 'ConsumerGroupEmpty'].map(
        (alert) => runbookSummary(alert),
      ),
      ...['FeatureViewStale', 'CandidateGap', 'Watchdog'].map((alert) => runbookSummary(alert)),
    ],
  };
}

const SECTIONS: RunbookAnswer['sections'] = [
  {
    title: 'Meaning',
    html: '<p>Decisions take longer than the <strong>latency budget</strong> allows, so fast that the budget of 30 days is gone in days. Two windows agree, so it is neither a single slow event nor long over.</p>',
  },
  {
    title: 'Impact',
    html: '<ul><li>A win-back comes after the visit it is meant for.</li><li>What is late is late for <em>everyone</em>: nothing is lost.</li></ul>',
  },
  {
    title: 'Diagnosis',
    html: '<p>Find the stage that grew first; <code>broker_wait</code> is the consumer, <code>feature_read</code> the store. The text &lt;b&gt;is text&lt;/b&gt;.</p><pre><code>SELECT stage, avg(us) FROM decisions GROUP BY stage\n</code></pre>',
  },
  { title: 'Mitigation', html: '<p>Take back what changed first. Look for the reason afterwards.</p>' },
];

export function runbookAnswer(alert: string, scenario: Scenario): RunbookAnswer | undefined {
  const runbook = runbooks().runbooks.find((one) => one.alert === alert);
  if (runbook === undefined) return undefined;
  const isCalm = scenario === 'backlog';
  const page = alert === 'PipelineSilent' ? STORE_AWAY.runbook : LATENCY_RUNBOOK;
  const { checks = [], mitigations = [], escalate = '' } = page ?? {};
  return {
    runbook: { ...runbook, firing: runbook.firing && !isCalm },
    pipeline: PIPELINE,
    sections: SECTIONS,
    checks,
    checkedAt: before(-0.02),
    mitigations,
    escalate,
    dashboard: '/d/throughline-pipeline?viewPanel=3&var-pipeline=repurchase',
    incidents: alert === 'LatencyBudgetBurn' && !isCalm ? [FINGERPRINTS.slow] : [],
  };
}

export function teamAnswer(name: string, scenario: Scenario): TeamAnswer | undefined {
  const team = Object.values(TEAMS).find((one) => one.name === name);
  if (team === undefined) return undefined;
  const isGrowth = team === TEAMS.growth;
  return {
    team,
    description: isGrowth
      ? 'Decides whom to win back, and answers for the pipeline that tells.'
      : 'Answers for what others build on.',
    owns: isGrowth
      ? [
          { kind: 'pipeline', name: PIPELINE, description: 'Scores whether a customer buys again within 30 days.' },
          { kind: 'slo', name: 'repurchase-latency', description: 'A decision is durable within 400 ms.' },
          { kind: 'slo', name: 'repurchase-freshness', description: 'Features are no older than promised.' },
          { kind: 'alert', name: 'LatencyBudgetBurn', description: 'The latency budget burns too fast.' },
          { kind: 'runbook', name: 'LatencyBudgetBurn', description: 'Decisions take longer than the budget allows.' },
          { kind: 'contract', name: 'winback.suggested', description: 'A win-back that was suggested.' },
          { kind: 'view', name: 'purchase_history', description: 'What a customer bought before.' },
        ]
      : [
          { kind: 'model', name: 'repurchase', description: 'The probability of another purchase.' },
          { kind: 'drift_job', name: 'repurchase-weekly', description: 'Watches repurchase by week.' },
        ],
    incidents: isGrowth && scenario !== 'backlog' ? [FINGERPRINTS.slow, FINGERPRINTS.diagnosing, FINGERPRINTS.away] : [],
  };
}
