import type { Finding } from '../finding.ts';
import { biasedCandidate } from './biased-candidate.ts';
import { clockSkew } from './clock-skew.ts';
import { consumerGone } from './consumer-gone.ts';
import { contractBreak } from './contract-break.ts';
import { fieldMeaning } from './field-meaning.ts';
import { hotPartition } from './hot-partition.ts';
import { missingFeatures } from './missing-features.ts';
import { outcomesLate, outcomesLost } from './outcomes.ts';
import { poisonEvent } from './poison-event.ts';
import { slowConsumer } from './slow-consumer.ts';
import { slowStages } from './slow-stage.ts';
import { staleView } from './stale-view.ts';
import { trafficBurst } from './traffic-burst.ts';

/** All that is looked for, at every incident. A new cause is a new file and a line here. */
export const FINDINGS: readonly Finding[] = [
  poisonEvent,
  consumerGone,
  contractBreak,
  slowConsumer,
  ...slowStages,
  hotPartition,
  fieldMeaning,
  staleView,
  missingFeatures,
  biasedCandidate,
  outcomesLost,
  outcomesLate,
  trafficBurst,
  clockSkew,
];
