import type { StoredBatch, StoredDecision, StoredOutcome } from '#collector';
import { type Journey, type Span, STAGES, type StageName } from '#core';
import type { Entities } from '../http/deps.ts';
import type { RawView } from './raw-event.ts';
import { contractAnswer, entityAnswer, identityOf, timeOf } from './record-view.ts';
import type { PipelineInfo, WorkspaceIndex } from './workspace-index.ts';

export interface JourneyParts {
  readonly decision: StoredDecision;
  readonly batch: StoredBatch | undefined;
  readonly outcome: StoredOutcome | undefined;
  readonly spans: readonly Span[];
  readonly raw: RawView;
}

type MarkedStage = Exclude<StageName, 'broker_wait' | 'publish'>;
type Latency = Journey['latency'];
type StageTimes = Latency['stages'];

/** The whole way of an event that entered scoring. */
export function journeyOf(
  parts: JourneyParts,
  { index, entities }: { readonly index: WorkspaceIndex; readonly entities: Entities },
): Journey {
  const { decision, spans, raw } = parts;
  const info = index.pipeline(decision.pipeline);
  return {
    kind: 'journey',
    fate: decision.fate,
    event: identityOf(decision.event),
    pipeline: { name: decision.pipeline, owner: info.file.owner },
    position: decision.position,
    appendedAt: timeOf(decision.appendedMs),
    replay: decision.replay,
    traceId: decision.traceId,
    entity: entityAnswer(decision, { index, entities }),
    contract: contractAnswer(decision.contract ?? { subject: decision.event.type, version: 0 }, index),
    features: decision.features.map((feature) => ({
      name: feature.name,
      view: feature.name.slice(0, feature.name.lastIndexOf('.')),
      value: feature.value,
      status: feature.status,
      eventTime: feature.ageMs === null ? null : timeOf(decision.event.timeMs - feature.ageMs),
      ageSeconds: feature.ageMs === null ? null : feature.ageMs / 1000,
      isInput: info.inputs.has(feature.name),
    })),
    prediction: predictionOf(decision, info),
    outcome: outcomeOf(parts, info),
    latency: latencyOf(parts, info),
    spans: [...spans],
    raw: raw.raw,
  };
}

function predictionOf({ predictionId, model, score, decision }: StoredDecision, info: PipelineInfo): Journey['prediction'] {
  if (model === undefined || score === undefined || decision === undefined) return null;
  const { threshold, below } = info.definition.decision;
  return { id: predictionId, model, score, decision, threshold, below, topic: info.definition.predictionTopic };
}

function outcomeOf({ decision, outcome }: JourneyParts, { definition }: PipelineInfo): Journey['outcome'] {
  const horizonEnds = timeOf(decision.event.timeMs + definition.outcome.horizonMs);
  const name = outcome?.outcome ?? definition.outcome.name;
  if (outcome === undefined)
    return { status: 'open', name, label: null, maturedAt: null, horizonEnds, settledBy: null, feedbackSeconds: null };
  return {
    status: 'known',
    name,
    label: outcome.label,
    maturedAt: timeOf(outcome.maturedMs),
    horizonEnds,
    settledBy: outcome.settledBy ?? null,
    feedbackSeconds: (outcome.maturedMs - decision.event.timeMs) / 1000,
  };
}

/** Each stage by its own pair of marks; what none of them holds is the difference to the whole. */
function latencyOf({ decision, batch }: JourneyParts, info: PipelineInfo): Latency {
  const waitUs = (decision.polledMs - decision.appendedMs) * 1000;
  const measured = STAGES.flatMap((stage): StageTimes => {
    const budget = info.stageBudgets[stage];
    if (stage === 'broker_wait') return [{ stage, us: waitUs, fromUs: 0, budget }];
    const pair = stage === 'publish' ? batch?.publish : decision.marks[stage satisfies MarkedStage];
    return pair === undefined ? [] : [{ stage, us: pair[1] - pair[0], fromUs: waitUs + pair[0], budget }];
  });
  const endToEndUs = batch === undefined ? null : waitUs + batch.publish[1];
  const isCounted = !decision.backlog && !decision.skewed;
  return {
    isBacklog: decision.backlog,
    isSkewed: decision.skewed,
    endToEndUs,
    stages: endToEndUs === null ? measured : [...measured, unattributedOf(measured, endToEndUs)],
    budget: info.budget,
    isBreach: isCounted && endToEndUs !== null && endToEndUs > info.budget.p99Ms * 1000,
  };
}

function unattributedOf(measured: StageTimes, endToEndUs: number): StageTimes[number] {
  const us = endToEndUs - measured.reduce((sum, stage) => sum + stage.us, 0);
  return { stage: 'unattributed', us, fromUs: null, budget: null };
}
