import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { IncidentSummary } from '#core';
import { driftsQuery } from '../api/governance.ts';
import type { LiveState } from '../api/live.ts';
import { alertsQuery, incidentsQuery } from '../api/operations.ts';
import { durationOf, isFresh } from '../incidents/standing.ts';
import { SeverityMark } from '../parts/incident-marks.tsx';
import { Owner } from '../parts/owner-link.tsx';
import { useServerNow } from '../parts/server-now.ts';
import { formatStopwatch } from '../words/durations.ts';
import { sloHref } from '../words/links.ts';
import { burningOf, type Flame, type Waiting, waitingOf } from './waiting.ts';

/** So many stand here; the page of incidents has all. */
const SHOWN = 6;

/** What burns, and what waits for a person: the first thing to be seen, one calm line where there is nothing. */
export function Burning({ live }: { readonly live: LiveState }) {
  const { data: list } = useQuery(incidentsQuery);
  const { data: rules } = useQuery(alertsQuery);
  const { data: drifts } = useQuery(driftsQuery);
  // Not a word before it is known: a calm line that turns out to be wrong is worse than none.
  if (list === undefined) return null;
  const { incidents } = list;
  const flames = burningOf(incidents, rules?.alerts ?? []);
  const waiting = waitingOf({ incidents, alerts: rules, jobs: drifts?.jobs ?? [] });
  return (
    <section className={`burning${flames.length > 0 ? ' is-burning' : ''}`} aria-label="What burns, and what waits for a person">
      {flames.length === 0 ? <Calm rules={rules?.alerts.length} /> : <Flames flames={flames} live={live} />}
      {waiting.length === 0 ? null : <WaitingList waiting={waiting} />}
    </section>
  );
}

function WaitingList({ waiting }: { readonly waiting: readonly Waiting[] }) {
  return (
    <div className="waiting">
      <h2>Waits for a person</h2>
      <ul>
        {waiting.slice(0, SHOWN).map(({ href, words }) => (
          <li key={words}>
            <Link href={href}>{words}</Link>
          </li>
        ))}
      </ul>
      {waiting.length > SHOWN ? <p className="fine">{`and ${waiting.length - SHOWN} more`}</p> : null}
    </div>
  );
}

function Calm({ rules }: { readonly rules: number | undefined }) {
  return (
    <p className="calm">
      <span className="good" aria-hidden="true">
        ✓
      </span>{' '}
      <strong>Nothing burns.</strong> {rules === undefined ? null : <Link href={sloHref()}>{`${rules} alert rules`}</Link>}
      {rules === undefined ? null : <span className="soft"> watch it.</span>}
    </p>
  );
}

function Flames({ flames, live }: { readonly flames: readonly Flame[]; readonly live: LiveState }) {
  const nowMs = useServerNow(live, true);
  return (
    <div className="flames">
      <h2>What burns</h2>
      <ol>
        {flames.slice(0, SHOWN).map((flame) => (
          <FlameRow key={flame.href} flame={flame} nowMs={nowMs} />
        ))}
      </ol>
      {flames.length > SHOWN ? (
        <p>
          <Link href="/incidents">{`${flames.length - SHOWN} more`}</Link>
        </p>
      ) : null}
    </div>
  );
}

function FlameRow({ flame, nowMs }: { readonly flame: Flame; readonly nowMs: number }) {
  const { severity, href, summary, owner, since, incident } = flame;
  return (
    <li className={`flame severity-${severity}`}>
      <SeverityMark severity={severity} />
      <div className="flame-what">
        <Link href={href}>{summary}</Link>
        {incident === undefined ? null : <p className="flame-why">{whyOf(incident, nowMs)}</p>}
      </div>
      <span className="stopwatch">{formatStopwatch(durationOf({ startsAt: since, endsAt: null }, nowMs).ms)}</span>
      <Owner owner={owner} />
    </li>
  );
}

function whyOf(incident: IncidentSummary, nowMs: number): string {
  const { declaredCause, firstHypothesis } = incident;
  const without = isFresh(incident, nowMs) ? 'Being diagnosed …' : 'No cause was found or declared.';
  return declaredCause?.cause ?? firstHypothesis ?? without;
}
