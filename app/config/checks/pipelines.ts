import { parseDuration } from '#core';
import type { Problem } from '../problem.ts';
import type { PipelineFile } from '../workspace-files.ts';
import type { Part, WorkspaceParts } from '../workspace-parts.ts';
import { checkField } from './fields.ts';
import { checkReference } from './reference.ts';

type PipelinePart = Part<PipelineFile>;
const A_CONTRACT = 'a contract (contracts/*.yaml)';

function checkReferences({ source, value }: PipelinePart, { declared, catalog }: WorkspaceParts): readonly Problem[] {
  const { scores, outcome, predictions, decision } = value;
  const subjects = [
    ['/scores/subject', scores.subject],
    ['/predictions/subject', predictions.subject],
    ['/outcome/subject', outcome.subject],
    ...(decision.emits === undefined ? [] : [['/decision/emits/subject', decision.emits.subject] as const]),
  ] as const;
  return [
    ...checkReference({ source, pointer: '/model', name: value.model, what: 'a model (models/*.yaml)' }, declared.model),
    ...subjects.flatMap(([pointer, name]) => checkReference({ source, pointer, name, what: A_CONTRACT }, declared.contract)),
    ...checkField({ source, pointer: '/scores/entity', subject: scores.subject, field: scores.entity }, catalog),
    ...(outcome.subject === scores.subject
      ? []
      : checkField({ source, pointer: '/scores/entity', subject: outcome.subject, field: scores.entity }, catalog)),
  ];
}

/** What a pipeline sends out must not come back to it. */
function checkTopics({ source, value }: PipelinePart): readonly Problem[] {
  const { topic, predictions, decision } = value;
  const outputs = [
    ['/predictions/topic', predictions.topic],
    ...(decision.emits === undefined ? [] : [['/decision/emits/topic', decision.emits.topic] as const]),
  ] as const;
  return outputs
    .filter(([, name]) => name === topic.name)
    .map(([pointer, name]) =>
      source.problem(
        { pointer },
        `${pointer.slice(1).replaceAll('/', '.')} ${name} is the topic that the pipeline reads`,
        'name another one: what it sends would come back to it',
      ),
    );
}

/** The views behind the model are looked up by the scored event’s entity: theirs must be the same property. */
function checkEntities({ source, value }: PipelinePart, { model, view }: WorkspaceParts): readonly Problem[] {
  const inputs = model.find((candidate) => candidate.value.model === value.model)?.value.inputs ?? [];
  const used = new Set(inputs.map(({ feature }) => feature.slice(0, feature.lastIndexOf('.'))));
  return view
    .filter((candidate) => used.has(candidate.value.view) && candidate.value.entity !== value.scores.entity)
    .map((other) => {
      const message = `scores.entity is ${value.scores.entity}, but view ${other.value.view}, which the model reads, is kept by ${other.value.entity}`;
      return source.problem({ pointer: '/scores/entity' }, message, `use one entity in both (${other.source.file})`);
    });
}

type Goal = PipelineFile['latencyBudget']['total'];

function checkGoal({ source }: PipelinePart, pointer: string, goal: Goal): readonly Problem[] {
  if (parseDuration(goal.p95) <= parseDuration(goal.p99)) return [];
  return [source.problem({ pointer: `${pointer}/p95` }, `p95 ${goal.p95} is more than p99 ${goal.p99}`, 'p95 is at most p99')];
}

function checkBudget(part: PipelinePart): readonly Problem[] {
  const { source, value } = part;
  const { total, stages } = value.latencyBudget;
  const problems = [...checkGoal(part, '/latencyBudget/total', total)];
  let sumMs = 0;
  for (const [stage, goal] of Object.entries(stages)) {
    const pointer = `/latencyBudget/stages/${stage}`;
    sumMs += parseDuration(goal.mean);
    problems.push(...checkGoal(part, pointer, goal));
    for (const percentile of ['p95', 'p99'] as const) {
      if (parseDuration(goal[percentile]) <= parseDuration(total[percentile])) continue;
      const message = `${stage} ${percentile} ${goal[percentile]} is more than the total’s ${total[percentile]}`;
      problems.push(source.problem({ pointer: `${pointer}/${percentile}` }, message, 'a stage takes no longer than the whole'));
    }
  }
  if (sumMs > parseDuration(total.mean)) {
    const message = `the means of the stages add up to ${sumMs}ms, more than the total’s ${total.mean}`;
    problems.push(source.problem({ pointer: '/latencyBudget/stages', part: 'key' }, message, 'lower some, or raise the total'));
  }
  return problems;
}

function checkWindows({ source, value }: PipelinePart): readonly Problem[] {
  const { deduplication, topic } = value;
  if (parseDuration(deduplication.window) <= parseDuration(topic.retention)) return [];
  const message = `deduplication.window ${deduplication.window} is longer than topic.retention ${topic.retention}`;
  return [
    source.problem(
      { pointer: '/deduplication/window' },
      message,
      'events must be kept at least as long as redeliveries are recognised',
    ),
  ];
}

/** A pipeline’s references, entities, latency budget and windows fit the rest of the workspace. */
export function checkPipelines(parts: WorkspaceParts): readonly Problem[] {
  return parts.pipeline.flatMap((part) => [
    ...checkReferences(part, parts),
    ...checkTopics(part),
    ...checkEntities(part, parts),
    ...checkBudget(part),
    ...checkWindows(part),
  ]);
}
