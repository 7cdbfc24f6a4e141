import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Health } from '#core';
import type { LiveState } from '../api/live.ts';
import { healthQuery } from '../api/queries.ts';
import { formatCount, formatShare, formatValue, plural } from '../words/numbers.ts';
import { formatTime } from '../words/times.ts';

const HEALTH_EVERY_MS = 5_000;

/** Under the header on every page: where the line stands on the event clock, and in words what is not as it should be. */
export function StatusStrip({ live: { status, tick } }: { readonly live: LiveState }) {
  // Where no stream comes through (a proxy that holds it back), the same is asked for.
  const { data } = useQuery({
    ...healthQuery,
    enabled: tick === undefined,
    refetchInterval: tick === undefined ? HEALTH_EVERY_MS : false,
  });
  const health = tick?.health ?? data;
  if (health === undefined) {
    return (
      <div className="strip" aria-label="State of the line" role="region">
        <span className="strip-state">{status === 'connecting' ? 'Waiting for the first figures …' : 'No figures yet'}</span>
      </div>
    );
  }
  return (
    <div className={`strip${status === 'stale' ? ' is-stale' : ''}`} aria-label="State of the line" role="region">
      <ReplayState replay={health.replay} />
      {health.replay.eventTime === null ? null : (
        <span className="strip-fact">
          <span className="strip-word">event clock</span>{' '}
          <time dateTime={health.replay.eventTime}>{formatTime(health.replay.eventTime)}</time>
        </span>
      )}
      <span className="strip-fact">
        <span className="strip-word">read</span> {formatCount(health.eventsRead)}
      </span>
      <span className="strip-fact strip-version">
        <span className="strip-word">version</span> {health.version}
      </span>
      {notices(health).map(({ sentence, isProblem }) => (
        <p key={sentence} className={isProblem ? 'strip-problem' : 'strip-notice'}>
          {isProblem ? (
            <span aria-hidden="true" className="strip-problem-sign">
              !
            </span>
          ) : null}
          {sentence}
        </p>
      ))}
    </div>
  );
}

function ReplayState({ replay }: { readonly replay: Health['replay'] }) {
  const { state, published, total, speed } = replay;
  const words: Readonly<Record<typeof state, ReactNode>> = {
    backlog: 'Replaying the backlog',
    live: speed === null || speed === 1 ? 'Live' : `Live at ${formatValue(speed)}× speed`,
    done: 'The history has been played',
    none: 'Waiting for events',
  };
  return (
    <span className={`strip-state strip-${state}`}>
      {words[state]}
      {total === null || state === 'none' ? null : (
        <span className="strip-progress">
          <progress max={total} value={published} aria-label="Share of the history that was published" />
          {formatShare(published, total)}
        </span>
      )}
    </span>
  );
}

interface Notice {
  readonly sentence: string;
  readonly isProblem: boolean;
}

/** While history is replayed, the telemetry store is behind as a matter of course; else from this many records on it is worth a word. */
const LAG_WORTH_A_WORD = 10_000;

function notices(health: Health): readonly Notice[] {
  const own = telemetryNotice(health);
  const known = health.problems.filter((problem) => problem !== health.telemetry.problem);
  return [...(own === undefined ? [] : [own]), ...known.map((sentence) => ({ sentence, isProblem: true }))];
}

function telemetryNotice({ telemetry: { status, lagRecords, problem }, replay }: Health): Notice | undefined {
  const waiting = `${plural(lagRecords, 'record')} ${lagRecords === 1 ? 'waits' : 'wait'} in the outbox`;
  switch (status) {
    case 'ok': {
      if (lagRecords < LAG_WORTH_A_WORD) return undefined;
      const isProblem = replay.state !== 'backlog';
      return {
        isProblem,
        sentence: `Telemetry is ${isProblem ? 'behind' : 'catching up'}: ${waiting}. Scoring goes on; journeys and figures are older than the line.`,
      };
    }
    case 'starting':
      return { isProblem: false, sentence: `Telemetry is starting; scoring goes on${lagRecords === 0 ? '' : `, ${waiting}`}.` };
    case 'unavailable':
      return {
        isProblem: true,
        sentence: `Telemetry is unavailable${problem === null ? '' : ` (${problem.replace(/\.$/u, '')})`}. Scoring goes on; ${waiting} and nothing is lost.`,
      };
    case 'off':
      return {
        isProblem: false,
        sentence: 'Telemetry is off in the settings: scoring goes on, and what it leaves is stored once telemetry is on.',
      };
  }
}
