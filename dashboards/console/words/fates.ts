import type { Fate } from '#core';

/** In the order in which they are shown. `sentence`: what it means for one event. */
export const FATES: Readonly<Record<Fate, { readonly name: string; readonly sentence: string }>> = {
  scored: { name: 'scored', sentence: 'It was scored: features were read, the model predicted, a decision was made.' },
  collecting: {
    name: 'collecting',
    sentence: 'It came before the first model: its features are kept for training, nothing was predicted.',
  },
  used_by_features: { name: 'used by features', sentence: 'It is valid, and feature views counted it.' },
  accepted: { name: 'accepted', sentence: 'It is valid; no feature view uses it.' },
  without_entity: { name: 'without entity', sentence: 'It is valid, but it names nobody to score or to count for.' },
  quarantined: {
    name: 'quarantined',
    sentence: 'Its contract refuses it. It is kept in quarantine with the reason; the pipeline went on.',
  },
  late: { name: 'late', sentence: 'It came behind the de-duplication window, so it changed nothing.' },
  duplicate: { name: 'duplicate', sentence: 'It was delivered before; the first delivery counts, this one changed nothing.' },
};

export const FATE_NAMES = Object.keys(FATES).filter((name): name is Fate => name in FATES);

export function isFate(text: string): text is Fate {
  return text in FATES;
}
