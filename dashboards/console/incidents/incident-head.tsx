import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { IncidentAnswer } from '#core';
import type { LiveState } from '../api/live.ts';
import { IncidentStateMark, SeverityMark } from '../parts/incident-marks.tsx';
import { ContactLink, OwnerLink } from '../parts/owner-link.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { useServerNow } from '../parts/server-now.ts';
import { formatStopwatch } from '../words/durations.ts';
import { ORIGINS } from '../words/incidents.ts';
import { formatTime } from '../words/times.ts';
import { ACTIONS, type ActionName, IncidentDialog, isAction } from './incident-dialog.tsx';
import { durationOf, isOpen } from './standing.ts';

interface IncidentHeadProps {
  readonly answer: IncidentAnswer;
  readonly live: LiveState;
}

/** What broke, since when, who answers for it, and what a person can say to it. */
export function IncidentHead({ answer, live }: IncidentHeadProps) {
  const { incident, description } = answer;
  const { severity, state, summary, alert, pipeline, origin } = incident;
  return (
    <header className={`card incident-head severity-${severity} is-${state}`}>
      <div className="incident-what">
        <p className="incident-kicker">
          <SeverityMark severity={severity} />
          <IncidentStateMark state={state} />
          <span className="soft">
            {[alert, pipeline === '' ? '' : `pipeline ${pipeline}`].filter((text) => text !== '').join(' · ')}
            {origin === 'throughline' ? null : ` · raised by ${ORIGINS[origin]}`}
          </span>
        </p>
        <h1>{summary}</h1>
        {description === '' ? null : <p className="soft">{description}</p>}
      </div>
      <IncidentFacts answer={answer} live={live} />
      <Actions answer={answer} />
    </header>
  );
}

function IncidentFacts({ answer: { incident }, live }: IncidentHeadProps) {
  const nowMs = useServerNow(live, incident.endsAt === null);
  const { ms, isRunning } = durationOf(incident, nowMs);
  const { owner, startsAt, endsAt } = incident;
  return (
    <dl className="incident-facts">
      <div>
        <dt>{isRunning ? 'going on for' : 'went on for'}</dt>
        <dd className="stopwatch stopwatch-large">{formatStopwatch(ms)}</dd>
        <dd className="fine">
          {isRunning ? 'since ' : 'from '}
          <time dateTime={startsAt}>{formatTime(startsAt)}</time>
          {endsAt === null ? null : ` to ${formatTime(endsAt)}`}
        </dd>
      </div>
      <div>
        <dt>answers for it</dt>
        {owner === null ? (
          <dd className="soft">nobody: the alert names no team of this workspace</dd>
        ) : (
          <>
            <dd className="incident-owner">
              <OwnerLink name={owner.name} />
            </dd>
            <dd className="fine">
              <ContactLink contact={owner.contact} />
            </dd>
          </>
        )}
      </div>
      <div>
        <dt>state</dt>
        <dd className="incident-state-words">{stateWords(incident)}</dd>
        <dd className="fine">{causeWords(incident)}</dd>
      </div>
    </dl>
  );
}

type Incident = IncidentAnswer['incident'];

function stateWords({ state, acknowledgedBy, endsAt }: Incident): string {
  switch (state) {
    case 'open':
      return 'nobody is on it yet';
    case 'acknowledged':
      return acknowledgedBy === null ? 'somebody is on it' : `${acknowledgedBy} is on it`;
    case 'resolved':
      return endsAt === null ? 'resolved by hand; its alert still fires' : 'resolved';
  }
}

function causeWords({ declaredCause, state }: Incident): string {
  if (declaredCause !== null) return `cause declared by ${declaredCause.actor}`;
  return state === 'resolved' ? 'its cause was not declared' : 'its cause is not declared yet';
}

/** What can be said in which state; the first is what is asked for next. */
function actionsFor(incident: Incident): readonly ActionName[] {
  if (!isOpen(incident)) return ['cause'];
  return incident.state === 'open' ? ['acknowledge', 'cause', 'resolve'] : ['cause', 'resolve'];
}

function Actions({ answer }: { readonly answer: IncidentAnswer }) {
  const [action, setAction] = useSearchState('do');
  const [done, setDone] = useState<string>();
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (done !== undefined) said.current?.focus();
  }, [done]);
  const { incident, links } = answer;
  const possible = actionsFor(incident);
  return (
    <div className="incident-actions">
      {possible.map((name, index) => (
        <button
          key={name}
          type="button"
          className={`button button-large${index === 0 && isOpen(incident) ? ' button-primary' : ''}`}
          onClick={() => setAction(name)}
        >
          {`${ACTIONS[name].button} …`}
        </button>
      ))}
      {links.runbook === null ? null : (
        <Link href={links.runbook} className="incident-runbook-link">
          Runbook
        </Link>
      )}
      <p ref={said} className="incident-said good" role="status" tabIndex={-1}>
        {done === undefined ? '' : `✓ ${done}`}
      </p>
      {action !== undefined && isAction(action) ? (
        <IncidentDialog answer={answer} action={action} onClose={() => setAction(undefined)} onDone={setDone} />
      ) : null}
    </div>
  );
}
