/** What the supervisor tells the engine's process. */
export type ToEngine =
  | { readonly kind: 'open'; readonly folder: string; readonly key: string; readonly connections: number }
  | { readonly kind: 'stop' };

/** What the engine's process answers to `open`. */
export type FromEngine =
  | { readonly kind: 'ready'; readonly port: number; readonly version: string }
  | { readonly kind: 'failed'; readonly step: 'library' | 'folder'; readonly message: string };
