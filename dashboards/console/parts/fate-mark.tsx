import type { Fate } from '#core';
import { FATES } from '../words/fates.ts';

/** A shape for each fate, in a box of 12 by 12: told apart without colour. */
const SHAPES: Readonly<Record<Fate, string>> = {
  scored: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z',
  collecting: 'M6 1a5 5 0 0 1 0 10zM6 2.2a3.8 3.8 0 0 0 0 7.6V11A5 5 0 0 1 6 1z',
  used_by_features: 'M6 1l5.2 9.5H.8z',
  accepted: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm0 1.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8z',
  without_entity: 'M6 .4L11.6 6 6 11.6.4 6zm0 2.3L2.7 6 6 9.3 9.3 6z',
  quarantined: 'M1 1h10v10H1zm4.2 1.6v4h1.6v-4zm0 5.2v1.6h1.6V7.8z',
  late: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm-.8 1.8v4l3 1.7.7-1.2-2.2-1.3V2.8z',
  duplicate: 'M1 1h7v2H3v5H1zm3 3h7v7H4z',
};

/** The sign of a fate, with its word unless the word stands beside it. */
export function FateMark({ fate, wordless = false }: { readonly fate: Fate; readonly wordless?: boolean }) {
  return (
    <span className={`fate fate-${fate}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={SHAPES[fate]} fill="currentColor" fillRule="evenodd" />
      </svg>
      <span className={wordless ? 'visually-hidden' : 'fate-name'}>{FATES[fate].name}</span>
    </span>
  );
}
