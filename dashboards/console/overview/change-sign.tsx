import type { ChangeKind } from './change-marks.ts';

/** The sign of a kind of change. */
export function ChangeSign({ kind: { path, isFilled, tone } }: { readonly kind: ChangeKind }) {
  return (
    <svg
      className={`change-sign tone-${tone}${isFilled ? ' is-filled' : ''}`}
      viewBox="0 0 14 14"
      width="14"
      height="14"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}
