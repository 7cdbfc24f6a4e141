import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { IncidentSummary } from '#core';
import type { LiveState } from '../api/live.ts';
import { incidentsQuery } from '../api/operations.ts';
import { IncidentStateMark, SeverityMark } from '../parts/incident-marks.tsx';
import { ProblemNote, Skeleton } from '../parts/notes.tsx';
import { Owner } from '../parts/owner-link.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { useServerNow } from '../parts/server-now.ts';
import { useTitle } from '../shell/title.ts';
import { formatStopwatch } from '../words/durations.ts';
import { ORIGINS } from '../words/incidents.ts';
import { incidentHref, sloHref } from '../words/links.ts';
import { formatCount, plural } from '../words/numbers.ts';
import { formatTime } from '../words/times.ts';
import { byUrgency, durationOf, isFresh, isOpen } from './standing.ts';

/** So many that are over stand open; the others are a press away. */
const SHOWN = 15;

/** Every incident: what burns first, then what is over. */
export function IncidentList({ live }: { readonly live: LiveState }) {
  useTitle('Incidents');
  const { data, error, refetch } = useQuery(incidentsQuery);
  const incidents = data?.incidents.toSorted(byUrgency) ?? [];
  const open = incidents.filter(isOpen);
  const over = incidents.filter((incident) => !isOpen(incident));
  return (
    <article className="governance incidents">
      <header className="page-head">
        <h1>Incidents</h1>
        <p className="soft">Every alert that fired, with what the diagnosis found. What nobody has taken stands first.</p>
      </header>
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <Skeleton height={320} label="Loading the incidents" /> : null}
      {data === undefined ? null : <OpenOnes incidents={open} over={over.length} live={live} />}
      {over.length === 0 ? null : <OverOnes incidents={over} live={live} />}
    </article>
  );
}

interface ListProps {
  readonly incidents: readonly IncidentSummary[];
  readonly live: LiveState;
}

function OpenOnes({ incidents, over, live }: ListProps & { readonly over: number }) {
  const nowMs = useServerNow(live, incidents.length > 0);
  if (incidents.length === 0) return <AllQuiet over={over} />;
  return (
    <section className="card" aria-labelledby="open-incidents">
      <header className="card-head">
        <h2 id="open-incidents">{`${formatCount(incidents.length)} open`}</h2>
      </header>
      <Rows incidents={incidents} nowMs={nowMs} />
    </section>
  );
}

function AllQuiet({ over }: { readonly over: number }) {
  return (
    <section className="card all-quiet" aria-label="Nothing is open">
      <svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
        <circle cx="20" cy="20" r="18" />
        <path d="M11.5 20.5l6 6 11-12.5" />
      </svg>
      <div>
        <p className="all-quiet-word">Nothing burns.</p>
        <p className="soft">
          {over === 0 ? 'No alert has fired yet. ' : 'Every incident is resolved. '}
          The rules go on being evaluated: <Link href={sloHref()}>objectives and alert rules</Link> show what they measure.
        </p>
      </div>
    </section>
  );
}

function OverOnes({ incidents, live }: ListProps) {
  const [shown, setShown] = useSearchState('resolved');
  const isAll = shown === 'all';
  const nowMs = useServerNow(live, false);
  return (
    <section className="card" aria-labelledby="over-incidents">
      <header className="card-head">
        <h2 id="over-incidents">{`${formatCount(incidents.length)} resolved`}</h2>
        <div className="card-aside">newest first</div>
      </header>
      <Rows incidents={isAll ? incidents : incidents.slice(0, SHOWN)} nowMs={nowMs} />
      {incidents.length > SHOWN ? (
        <button type="button" className="button" onClick={() => setShown(isAll ? undefined : 'all')}>
          {isAll ? 'Show fewer' : `Show ${plural(incidents.length - SHOWN, 'more')}`.replace(/mores$/u, 'more')}
        </button>
      ) : null}
    </section>
  );
}

function Rows({ incidents, nowMs }: { readonly incidents: readonly IncidentSummary[]; readonly nowMs: number }) {
  return (
    <ol className="incident-rows">
      {incidents.map((incident) => (
        <IncidentRow key={`${incident.fingerprint} ${incident.startsAt}`} incident={incident} nowMs={nowMs} />
      ))}
    </ol>
  );
}

function IncidentRow({ incident, nowMs }: { readonly incident: IncidentSummary; readonly nowMs: number }) {
  const { fingerprint, startsAt, severity, state, summary, alert, pipeline, owner, origin, acknowledgedBy } = incident;
  const { ms, isRunning } = durationOf(incident, nowMs);
  return (
    <li className={`incident-row severity-${severity} is-${state}`}>
      <div className="incident-row-time">
        <SeverityMark severity={severity} />
        <strong className="stopwatch">{formatStopwatch(ms)}</strong>
        <small>{isRunning ? `since ${formatTime(startsAt)}` : formatTime(startsAt)}</small>
      </div>
      <div className="incident-row-what">
        <h3>
          <Link href={incidentHref(fingerprint, { startsAt })}>{summary}</Link>
        </h3>
        <p className="incident-row-cause">
          <CauseInShort incident={incident} nowMs={nowMs} />
        </p>
        <p className="fine">
          {[alert, pipeline, origin === 'throughline' ? '' : `raised by ${ORIGINS[origin]}`]
            .filter((text) => text !== '')
            .join(' · ')}
        </p>
      </div>
      <div className="incident-row-who">
        <Owner owner={owner} />
        <IncidentStateMark state={state} />
        {state === 'acknowledged' && acknowledgedBy !== null ? <small>{`by ${acknowledgedBy}`}</small> : null}
      </div>
    </li>
  );
}

function CauseInShort({ incident, nowMs }: { readonly incident: IncidentSummary; readonly nowMs: number }) {
  const { declaredCause, firstHypothesis } = incident;
  if (declaredCause !== null)
    return (
      <>
        <span className="tag">cause declared</span> {declaredCause.cause}
      </>
    );
  if (firstHypothesis !== null)
    return (
      <>
        <span className="tag">diagnosis</span> {firstHypothesis}
      </>
    );
  return <span className="soft">{isFresh(incident, nowMs) ? 'Being diagnosed …' : 'No cause was found or declared.'}</span>;
}
