import type { RefObject } from 'react';

const KEY = 'throughline.actor';
const MAX_ACTOR = 100;

/** Who acted last in this browser; empty where nobody did. */
function rememberedActor(): string {
  return localStorage.getItem(KEY) ?? '';
}

export function rememberActor(actor: string): void {
  localStorage.setItem(KEY, actor);
}

/** Asks who says so; filled in with who did last. */
export function ActorField({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const remembered = rememberedActor();
  return (
    <label className="field">
      <span>your name (kept with it, and remembered in this browser)</span>
      <input
        ref={field}
        type="text"
        required
        maxLength={MAX_ACTOR}
        autoComplete="username"
        defaultValue={remembered}
        autoFocus={remembered === ''}
      />
    </label>
  );
}
