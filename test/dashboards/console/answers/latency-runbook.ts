import type { IncidentAnswer } from '#core';
import { before } from './incident-parts.ts';
import { PIPELINE } from './parts.ts';

/** The runbook of the canned incident that has everything: each answer that a check can have. */
export const LATENCY_RUNBOOK: NonNullable<IncidentAnswer['runbook']> = {
  alert: 'LatencyBudgetBurn',
  checks: [
    {
      question: 'Does one stage hold most of the time that was added?',
      query: 'stage_growth',
      sql: 'SELECT stage, before_ms, during_ms FROM stage_growth',
      answer: 'yes',
      meaning: 'It is broker wait: the consumer does not keep up. Look at what it does for each record.',
      columns: ['stage', 'before_ms', 'during_ms'],
      rows: [
        { stage: 'broker_wait', before_ms: 8.1, during_ms: 692.4 },
        { stage: 'model_queue', before_ms: 4.4, during_ms: 61.3 },
      ],
      tookMs: 14.2,
    },
    {
      question: 'Did something that touches the pathway change within the half hour before?',
      query: 'recent_changes',
      sql: 'SELECT recorded, kind, subject, summary FROM changes ORDER BY recorded DESC LIMIT 5',
      answer: 'yes',
      meaning: 'A deploy of the pipeline, 3 min before. Take it back first, then look.',
      columns: ['recorded', 'kind', 'subject'],
      rows: [{ recorded: before(15.3), kind: 'deploy', subject: PIPELINE }],
      tookMs: 6.1,
    },
    {
      question: 'Is the lag on a single partition?',
      query: 'partition_skew',
      sql: 'SELECT partition, max(lag) AS lag FROM group_samples GROUP BY partition',
      answer: 'no',
      meaning: 'All partitions lag alike: no key is hot.',
      columns: ['partition', 'lag'],
      rows: Array.from({ length: 4 }, (_none, partition) => ({ partition, lag: 340 + partition })),
      tookMs: 5.4,
    },
    {
      question: 'Do producers send more than the pipeline declares?',
      query: 'arrivals',
      sql: 'SELECT toStartOfMinute(appended) AS minute, count() FROM receipts GROUP BY minute',
      answer: 'unclear',
      meaning: 'No minute is complete yet since it began: ask again in a minute.',
      columns: ['minute', 'events'],
      rows: [],
      tookMs: 4,
    },
    {
      question: 'Is the log itself slow to answer?',
      query: 'log_reads',
      sql: 'SELECT quantile(0.99)(read_us) FROM log_reads',
      answer: 'failed',
      meaning: 'The table log_reads does not exist on this store.',
      columns: [],
      rows: [],
      tookMs: 1.1,
    },
  ],
  mitigations: [
    {
      action: 'Take the deploy back',
      command: 'throughline pipeline rollback repurchase --to 2026.11.2 --actor "$USER"',
      risk: 'Events wait for the seconds of the restart; none is lost.',
      undo: 'Deploy 2026.11.3 again.',
    },
    {
      action: 'Let the candidate rest',
      command: null,
      risk: 'Its trial takes longer: what it does not score is not compared.',
      undo: 'Let it score again; its gate waits.',
    },
  ],
  escalate: 'After 30 minutes without an effect, call ml-platform: the model’s worker is theirs.',
};
