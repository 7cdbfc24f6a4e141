import type { FittingAnswer } from './model-fitter.ts';

/** The training worker's one answer to the one task it gets; `failed` carries the code of what was thrown, if it had one. */
export type TrainingReply =
  | { readonly kind: 'answered'; readonly answer: FittingAnswer }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string };
