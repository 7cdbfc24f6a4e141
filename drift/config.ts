import Type, { type Static } from 'typebox';
import { DURATION_PATTERN, parseDuration } from '#core';

/** What the bundled trainer can fit. */
export const ALGORITHMS = ['logistic-regression', 'gradient-boosting'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

const LogisticRegressionSection = Type.Object(
  {
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
        description: 'Newton steps before the fit is refused as not converged.',
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
  },
  { additionalProperties: false, description: 'L2-penalised logistic regression on inputs as the model file prepares them.' },
);

const GradientBoostingSection = Type.Object(
  {
    trees: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 5000,
        default: 300,
        description: 'Trees at most; `patience` usually ends the fit before.',
      }),
    ),
    leaves: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 256,
        default: 8,
        description: 'Leaves of a tree at most; the best leaf is split first.',
      }),
    ),
    learningRate: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.05, description: 'Share of its optimum that a leaf adds.' }),
    ),
    minimumLeafRows: Type.Optional(
      Type.Integer({ minimum: 1, default: 40, description: 'No split leaves fewer rows than this on a side.' }),
    ),
    minimumLeafHessian: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        default: 0.001,
        description: 'No split leaves a sum of p · (1 − p) below this on a side.',
      }),
    ),
    l2: Type.Optional(
      Type.Number({ minimum: 0, default: 1, description: 'Penalty on a leaf’s value, λ/2 · w²: small leaves are drawn to 0.' }),
    ),
    maxBins: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 255,
        default: 255,
        description: 'Bins of a column’s values at most; missing values have one more of their own.',
      }),
    ),
    subsample: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        default: 1,
        description: 'Share of the rows that each tree sees, drawn anew without replacement by the trainer’s seed.',
      }),
    ),
    patience: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: 25,
        description:
          'How many trees in a row may fail to lower the log loss of the newest fifth of the rows before no more are added; all rows are then fitted with the best number. 0: always `trees` trees.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      'Histogram gradient boosting on raw inputs: a missing value goes its own way at each split, `transform` and `missing` of the inputs are not applied.',
  },
);

/** The trainer section of a model file; app/config puts it beside the properties that the runtime owns. */
export const TrainerSection = Type.Object(
  {
    algorithms: Type.Array(Type.Enum([...ALGORITHMS]), {
      minItems: 1,
      uniqueItems: true,
      description:
        'What is fitted. All of them are measured on the newest fifth of the rows; the one with the lowest log loss there becomes the model, fitted to all rows.',
    }),
    logisticRegression: Type.Optional(LogisticRegressionSection),
    gradientBoosting: Type.Optional(GradientBoostingSection),
    minimumRows: Type.Optional(
      Type.Integer({
        minimum: 2,
        default: 200,
        description: 'Fewer rows with a known outcome than this, and the training is refused.',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 4_294_967_295,
        default: 0,
        description: 'Where random numbers start: the same rows, settings and seed make the same file.',
      }),
    ),
    window: Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        description:
          'Train on this much event time before the end of the requested window, such as 180d; left out: on all of the requested window.',
      }),
    ),
  },
  { additionalProperties: false, description: 'How the bundled trainer makes this model.' },
);
export type TrainerSection = Static<typeof TrainerSection>;

export type LogisticRegressionSettings = Required<Static<typeof LogisticRegressionSection>>;
export type GradientBoostingSettings = Required<Static<typeof GradientBoostingSection>>;

/** A trainer section with every default filled in. Plain data: it goes to the training worker as it is. */
export interface TrainerSettings {
  /** At least one, each once. */
  readonly algorithms: readonly Algorithm[];
  readonly logisticRegression: LogisticRegressionSettings;
  readonly gradientBoosting: GradientBoostingSettings;
  readonly minimumRows: number;
  readonly seed: number;
  /** Absent: no limit but the requested window. */
  readonly windowMs?: number;
}

const LOGISTIC_REGRESSION: LogisticRegressionSettings = { l2: 1, maxIterations: 50, tolerance: 1e-8 };

const GRADIENT_BOOSTING: GradientBoostingSettings = {
  trees: 300,
  leaves: 8,
  learningRate: 0.05,
  minimumLeafRows: 40,
  minimumLeafHessian: 0.001,
  l2: 1,
  maxBins: 255,
  subsample: 1,
  patience: 25,
};

/** Fills in what a trainer section leaves out, with the defaults that its schema names. Throws RangeError for a window that is no duration. */
export function trainerSettings(section: TrainerSection): TrainerSettings {
  const { algorithms, logisticRegression, gradientBoosting, minimumRows = 200, seed = 0, window } = section;
  return {
    algorithms,
    logisticRegression: { ...LOGISTIC_REGRESSION, ...logisticRegression },
    gradientBoosting: { ...GRADIENT_BOOSTING, ...gradientBoosting },
    minimumRows,
    seed,
    ...(window === undefined ? {} : { windowMs: parseDuration(window) }),
  };
}
