import type { ModelVersionView } from '#core';
import { STATUSES } from '../words/governance.ts';

/** A shape for each status, in a box of 12 by 12: told apart without colour. */
const SHAPES: Readonly<Record<ModelVersionView['status'], string>> = {
  live: 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8z',
  shadow: 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8zM6 2.3v7.4a3.7 3.7 0 0 0 0-7.4z',
  retired: 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8zm0 1.5a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4z',
  refused: 'M2.4 1L6 4.6 9.6 1 11 2.4 7.4 6 11 9.6 9.6 11 6 7.4 2.4 11 1 9.6 4.6 6 1 2.4z',
  rolled_back: 'M5 1.2v2.6h1.6a3.7 3.7 0 0 1 0 7.4H2V9.6h4.6a2.1 2.1 0 0 0 0-4.2H5V8L.8 4.6z',
  registered: 'M1 1h10v10H1zm1.5 1.5v7h7v-7z',
};

/** The sign of a version's status, with its word. */
export function VersionMark({
  status,
  wordless = false,
}: {
  readonly status: ModelVersionView['status'];
  readonly wordless?: boolean;
}) {
  return (
    <span className={`version-mark version-${status}`} title={STATUSES[status].meaning}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={SHAPES[status]} fill="currentColor" fillRule="evenodd" />
      </svg>
      <span className={wordless ? 'visually-hidden' : ''}>{STATUSES[status].name}</span>
    </span>
  );
}
