import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client.ts';

/** Something is missing or not as it should be, said in a sentence. The shape says how bad, not the colour alone. */
export function Note({ kind, children }: { readonly kind: 'info' | 'warning' | 'problem'; readonly children: ReactNode }) {
  const signs = { info: 'i', warning: '!', problem: '×' } as const;
  return (
    <div className={`note note-${kind}`} role={kind === 'problem' ? 'alert' : undefined}>
      <span className="note-sign" aria-hidden="true">
        {signs[kind]}
      </span>
      <div className="note-text">{children}</div>
    </div>
  );
}

/** A request that failed: the API's sentence, its code, and another try. */
export function ProblemNote({ error, refetch }: { readonly error: Error; readonly refetch: () => Promise<unknown> }) {
  const retry = (): void => {
    // What fails again is shown again.
    refetch().catch(() => undefined);
  };
  return (
    <Note kind="problem">
      <p>{error.message}</p>
      <p className="note-actions">
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
        {error instanceof ApiProblem ? <code>{error.code}</code> : null}
      </p>
    </Note>
  );
}

/** Nothing to show, and why that is so. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

/** Holds the room of what is being loaded, so that nothing moves when it comes. */
export function Skeleton({ height, label }: { readonly height: number; readonly label: string }) {
  return (
    <div className="skeleton" style={{ height: `${height}px` }} role="status">
      <span className="visually-hidden">{label}</span>
    </div>
  );
}
