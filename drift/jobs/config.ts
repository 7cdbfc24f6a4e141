import Type, { type Static } from 'typebox';
import { DURATION_PATTERN } from '#core';

const closed = { additionalProperties: false } as const;
const Duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description} A whole number and a unit: 1d, 7d.` });
const Share = (description: string, value: number) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, default: value, description }));

const Limits = Type.Object(
  {
    consecutive: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, default: 2, description: 'Windows in a row over a limit that make an alarm.' }),
    ),
    psi: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        default: 0.2,
        description: 'Population stability index against the reference’s tenths; 0.1 is often called moderate, 0.2 large.',
      }),
    ),
    ks: Share('Kolmogorov-Smirnov: the largest difference of the two distribution functions that counts.', 0.15),
    nullRate: Share('Change of the share of missing values, either way.', 0.1),
    newCategory: Share('Share of values that the reference does not have, where it has at most 20 different ones.', 0.05),
    significance: Share(
      'Level of the tests that stand beside ks and quality, Benjamini-Hochberg over a window’s columns: size alone, or chance alone, is no alarm.',
      0.01,
    ),
  },
  { ...closed, description: 'When a measure is over its limit.' },
);

const Quality = Type.Object(
  {
    window: Duration('Event time over which realised quality is measured, at each step of the job.'),
    minimumOutcomes: Type.Optional(
      Type.Integer({ minimum: 2, default: 200, description: 'Fewer matured outcomes than this, and quality is not computable.' }),
    ),
    loss: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        default: 0.03,
        description: 'Mean log loss this far over the reference’s (the model’s held-out log loss at its training) counts.',
      }),
    ),
  },
  { ...closed, description: 'Realised quality, as outcomes mature.' },
);

const Fields = Type.Object(
  {
    ratio: Type.Optional(
      Type.Number({
        exclusiveMinimum: 1,
        default: 5,
        description:
          'A producer’s median of a field that moved by this factor, either way, with its 5 % and 95 % quantiles, counts.',
      }),
    ),
    minimumValues: Type.Optional(
      Type.Integer({ minimum: 10, default: 50, description: 'Fewer values than this on either side are not compared.' }),
    ),
    baseline: Type.Optional(Duration('How much event time before the window it is compared with; default: 8 windows.')),
  },
  { ...closed, description: 'The numeric fields of events, by producer: whether one means something else than before.' },
);

/** drift/*.yaml: what is compared with the training, how often, and when it is an alarm. */
export const DriftJobFile = Type.Object(
  {
    job: Type.String({ pattern: '^[a-z][a-z0-9_.-]{0,63}$', description: 'Name of the job.' }),
    owner: Type.String({ minLength: 1, description: 'The team that answers for it; declared in workspace.yaml.' }),
    description: Type.String({ minLength: 1, description: 'What it watches, and for whom.' }),
    pipeline: Type.String({ minLength: 1, description: 'The pipeline whose served features and scores it compares.' }),
    window: Duration('Event time of a window; windows follow each other, and a multiple of 7d begins on Mondays (UTC).'),
    minimumRows: Type.Optional(
      Type.Integer({
        minimum: 20,
        default: 100,
        description: 'Fewer values than this on either side, and nothing is computable.',
      }),
    ),
    limits: Type.Optional(Limits),
    quality: Type.Optional(Quality),
    fields: Type.Optional(Fields),
  },
  { ...closed, title: 'Throughline drift job' },
);
export type DriftJobFile = Static<typeof DriftJobFile>;
