import type { ModelArtifact, ModelRef, ScoreRequest, ScoreResult } from '#core';

/** What the main thread asks of the inference worker; every request is answered once, by its id. */
export type InferenceRequest =
  | { readonly kind: 'load'; readonly id: number; readonly model: ModelArtifact }
  | { readonly kind: 'unload'; readonly id: number; readonly model: ModelRef }
  | { readonly kind: 'score'; readonly id: number; readonly request: ScoreRequest };

/** Finish what is under way, let the models go, and end: not answered. */
export type InferenceEnd = { readonly kind: 'end' };

export type InferenceAnswer =
  | { readonly id: number; readonly ok: true; readonly result?: ScoreResult }
  | { readonly id: number; readonly ok: false; readonly unfit: boolean; readonly message: string };
