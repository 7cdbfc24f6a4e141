import type { Fate } from '#core';

/** What each fate means, in the words that people read; in the order in which they are shown. */
export const FATE_WORDS: Readonly<Record<Fate, { readonly name: string; readonly meaning: string }>> = {
  scored: { name: 'scored', meaning: 'features, prediction, decision' },
  collecting: { name: 'collecting', meaning: 'before the first model: features kept for training' },
  used_by_features: { name: 'used by features', meaning: 'a feature view counts it' },
  accepted: { name: 'accepted', meaning: 'valid; no feature view uses it' },
  without_entity: { name: 'without entity', meaning: 'valid, but it names nobody to score or to count for' },
  quarantined: { name: 'quarantined', meaning: 'its contract refuses it; kept with the reason' },
  late: { name: 'late', meaning: 'behind the de-duplication window' },
  duplicate: { name: 'duplicate', meaning: 'delivered before' },
};
