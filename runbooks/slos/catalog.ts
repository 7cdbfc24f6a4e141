import type { AlertName } from '#core';
import type { SloFile } from '../config.ts';
import { CONTRACT } from './contract.ts';
import { FRESHNESS } from './freshness.ts';
import { LATENCY } from './latency.ts';
import { OUTCOMES } from './outcomes.ts';
import { RETRAINING } from './retraining.ts';
import type { Sli } from './sli.ts';

/** All SLIs, by the name that slos/*.yaml use. */
export const SLI_CATALOG: Readonly<Record<SloFile['sli'], Sli>> = {
  latency: LATENCY,
  freshness: FRESHNESS,
  contract: CONTRACT,
  outcomes: OUTCOMES,
  retraining: RETRAINING,
};

/** The alert of an SLI's objectives. */
export const alertOfSli = (sli: SloFile['sli']): AlertName => SLI_CATALOG[sli].alert;
