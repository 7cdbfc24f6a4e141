import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../problem.ts';
import type { WorkspaceParts } from '../workspace-parts.ts';
import { checkReference } from './reference.ts';

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** A replay goes to a topic that a pipeline reads, from files that are there. */
export function checkReplay({ replay, pipeline, declared, folder }: WorkspaceParts): readonly Problem[] {
  if (replay === undefined) return [];
  const { source, value } = replay;
  const topics = {
    names: new Set(pipeline.map((part) => part.value.topic.name)),
    isComplete: pipeline.length === declared.pipeline.names.size,
  };
  const files = (['file', 'module'] as const).flatMap((key) =>
    isFile(resolve(folder, value[key]))
      ? []
      : [
          source.problem(
            { pointer: `/${key}` },
            `${key} ${value[key]} is not there`,
            `it is looked for at ${resolve(folder, value[key])}`,
          ),
        ],
  );
  return [
    ...checkReference(
      { source, pointer: '/topic', name: value.topic, what: 'the topic of a pipeline (pipelines/*.yaml)' },
      topics,
    ),
    ...files,
  ];
}
