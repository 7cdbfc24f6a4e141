import type { Problem } from '../problem.ts';
import type { WorkspaceParts } from '../workspace-parts.ts';
import { isDay } from './days.ts';
import { nameHint } from './reference.ts';

/** A model’s inputs are features of views, and its first training begins on a day that there was. */
export function checkModels({ model, view, declared }: WorkspaceParts): readonly Problem[] {
  const features = new Set(view.flatMap(({ value }) => value.features.map(({ name }) => `${value.view}.${name}`)));
  const sound = new Set(view.map(({ value }) => value.view));
  /** A view whose file is broken may have the feature. */
  const mayBe = (feature: string): boolean => {
    const name = feature.slice(0, feature.lastIndexOf('.'));
    return features.has(feature) || !declared.view.isComplete || (declared.view.names.has(name) && !sound.has(name));
  };
  return model.flatMap(({ source, value }) => {
    const problems = value.inputs.flatMap(({ feature }, index) =>
      mayBe(feature)
        ? []
        : [
            source.problem(
              { pointer: `/inputs/${index}/feature` },
              `input ${feature} is not a feature of any view`,
              nameHint(feature, features),
            ),
          ],
    );
    const { from } = value.firstTraining;
    const message = `firstTraining.from ${from} is not a day of the calendar`;
    return isDay(from)
      ? problems
      : [...problems, source.problem({ pointer: '/firstTraining/from' }, message, 'write YYYY-MM-DD')];
  });
}
