import type { LiveState, LiveStatus } from '../api/live.ts';
import { formatClock } from '../words/times.ts';

const WORDS: Readonly<Record<LiveStatus, string>> = {
  connecting: 'connecting …',
  live: 'up to date',
  stale: 'reconnecting …',
  paused: 'paused',
};

/** Whether what is on the screen is what the server says now. */
export function LiveMark({ live: { status, tick } }: { readonly live: LiveState }) {
  return (
    <span className={`live live-${status}`} role="status">
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
        {status === 'live' ? (
          <circle cx="5" cy="5" r="4" fill="currentColor" />
        ) : (
          <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="3 2" />
        )}
      </svg>
      <span className="live-words">
        {WORDS[status]}
        {status === 'stale' && tick !== undefined ? (
          <span className="live-since">{` as of ${formatClock(tick.at)} UTC`}</span>
        ) : null}
      </span>
    </span>
  );
}
