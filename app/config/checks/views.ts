import { parseDuration } from '#core';
import type { Problem } from '../problem.ts';
import type { FeatureViewFile } from '../workspace-files.ts';
import type { Part, WorkspaceParts } from '../workspace-parts.ts';
import { checkField } from './fields.ts';
import { checkReference } from './reference.ts';

type Feature = FeatureViewFile['features'][number];

/** Aggregates that look at no property. */
const WITHOUT_PROPERTY: readonly Feature['aggregate'][] = ['count', 'days_since'];

function checkFeature(view: Part<FeatureViewFile>, index: number, parts: WorkspaceParts): readonly Problem[] {
  const { source, value } = view;
  const feature = value.features[index];
  if (feature === undefined) return [];
  const problems: Problem[] = [];
  const at = (key: string): string => `/features/${index}/${key}`;
  const isWithout = WITHOUT_PROPERTY.includes(feature.aggregate);
  if (isWithout && feature.of !== undefined) {
    problems.push(
      source.problem({ pointer: at('of'), part: 'key' }, `${feature.aggregate} looks at no property`, `leave 'of' out`),
    );
  } else if (feature.of !== undefined) {
    const { of: field } = feature;
    problems.push(...checkField({ source, pointer: at('of'), subject: value.subject, field, isNumeric: true }, parts.catalog));
  } else if (!isWithout) {
    problems.push(
      source.problem(
        { pointer: at('aggregate') },
        `${feature.aggregate} needs a property to look at`,
        `add 'of' with a numeric property of ${value.subject}`,
      ),
    );
  }
  if (parseDuration(feature.window) % parseDuration(value.granularity) !== 0) {
    const message = `window ${feature.window} is not a multiple of the granularity ${value.granularity}`;
    problems.push(source.problem({ pointer: at('window') }, message, 'choose a multiple, or a finer granularity'));
  }
  return problems;
}

/** Views aggregate events that have a contract, over properties that it declares, in whole panes. */
export function checkViews(parts: WorkspaceParts): readonly Problem[] {
  return parts.view.flatMap((view) => {
    const { source, value } = view;
    const { subject } = value;
    return [
      ...checkReference(
        { source, pointer: '/subject', name: subject, what: 'a contract (contracts/*.yaml)' },
        parts.declared.contract,
      ),
      ...checkField({ source, pointer: '/entity', subject, field: value.entity }, parts.catalog),
      ...value.features.flatMap((_feature, index) => checkFeature(view, index, parts)),
    ];
  });
}
