import Type, { type Static } from 'typebox';
import { DURATION_PATTERN } from '#core';

const closed = { additionalProperties: false } as const;
const Duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description} A whole number and a unit: 1d, 28d.` });

/** The retraining section of a model file: what raises a request, and how long a candidate is watched. */
export const RetrainingSection = Type.Object(
  {
    review: Duration('Event time between two reviews of the model: drift windows, causes, gate.'),
    coolDown: Duration('Event time after a request in which no other is raised.'),
    shadow: Duration('Event time for which a candidate scores in shadow before its gate.'),
    causes: Type.Object(
      {
        schedule: Type.Optional(
          Duration('Event time since the last request after which there is a next one. Absent: no schedule.'),
        ),
        qualityLoss: Type.Optional(
          Type.Boolean({ default: false, description: 'When a drift job’s alarm says that realised quality was lost.' }),
        ),
        drift: Type.Optional(
          Type.Object(
            {
              detectors: Type.Optional(
                Type.Integer({
                  minimum: 1,
                  maximum: 3,
                  default: 2,
                  description: 'How many different methods must have an alarm on one and the same target.',
                }),
              ),
            },
            { ...closed, description: 'When a drift job’s detectors agree. Absent: never.' },
          ),
        ),
        newOutcomes: Type.Optional(
          Type.Integer({ minimum: 1, description: 'When so many outcomes have matured since the last request. Absent: never.' }),
        ),
      },
      {
        ...closed,
        description: 'What raises a retraining request; the first that applies is its cause, the others stand as evidence.',
      },
    ),
  },
  { ...closed, description: 'When the model is trained anew. Absent: never.' },
);
export type RetrainingSection = Static<typeof RetrainingSection>;

/** The gate section of a model file: what a candidate must show on outcomes that it was not trained on. */
export const GateSection = Type.Object(
  {
    minimumOutcomes: Type.Optional(
      Type.Integer({
        minimum: 20,
        default: 300,
        description: 'Matured outcomes to compare on; with fewer the gate waits for a next review.',
      }),
    ),
    waitAtMost: Type.Optional(Duration('Event time after which a candidate without enough outcomes is refused; default: 90d.')),
    confidence: Type.Optional(
      Type.Number({
        minimum: 0.5,
        maximum: 0.999,
        default: 0.95,
        description: 'Of the paired bootstrap’s interval of the difference in log loss, all of which must be better.',
      }),
    ),
    resamples: Type.Optional(Type.Integer({ minimum: 200, maximum: 100_000, default: 2000 })),
    calibrationTolerance: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0.02,
        description: 'How much larger the candidate’s calibration error may be than the live version’s.',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Of the bootstrap: the same rows give the same interval.' }),
    ),
  },
  { ...closed, description: 'What a candidate must show before it decides.' },
);
export type GateSection = Static<typeof GateSection>;
