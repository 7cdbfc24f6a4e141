import Type, { type Static } from 'typebox';

/** The trainer section of a model file; app/config puts it beside the properties that the runtime owns. */
export const TrainerSection = Type.Object(
  {
    algorithm: Type.Enum(['logistic-regression'], { description: 'What is fitted: L2-penalised logistic regression.' }),
    l2: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 1,
        description:
          'Penalty on the coefficients of standardised columns, λ/2 · Σβ²; scikit-learn’s 1/C. The intercept goes free.',
      }),
    ),
    maxIterations: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: 50,
        description: 'Newton steps before the training is refused as not converged.',
      }),
    ),
    tolerance: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 0.01,
        default: 1e-8,
        description: 'Converged when a step moves no row’s log odds by more than this times 1 + the largest log odds.',
      }),
    ),
    minimumRows: Type.Optional(
      Type.Integer({
        minimum: 2,
        default: 200,
        description: 'Fewer rows with a known outcome than this, and the training is refused.',
      }),
    ),
  },
  { additionalProperties: false, description: 'How the bundled trainer makes this model.' },
);
export type TrainerSection = Static<typeof TrainerSection>;

/** A trainer section with every default filled in. */
export type TrainerSettings = Required<TrainerSection>;

/** Defaults of what a trainer section leaves out: l2 1, 50 iterations, tolerance 1e-8, at least 200 rows. */
export function trainerSettings(section: TrainerSection): TrainerSettings {
  return { l2: 1, maxIterations: 50, tolerance: 1e-8, minimumRows: 200, ...section };
}
