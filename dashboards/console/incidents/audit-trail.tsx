import { Link } from 'wouter';
import type { IncidentAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { formatStopwatch } from '../words/durations.ts';
import { AUDIT_KINDS } from '../words/incidents.ts';
import { incidentHref } from '../words/links.ts';
import { formatClock, formatTime } from '../words/times.ts';
import { durationOf } from './standing.ts';

/** Who did what, newest last. */
export function AuditTrail({ audit }: Pick<IncidentAnswer, 'audit'>) {
  return (
    <Card title="What happened since">
      <ol className="audit">
        {audit.map(({ at, kind, actor, text }) => (
          <li key={`${at} ${kind} ${text}`} className={`audit-${kind}`}>
            <time dateTime={at} title={formatTime(at)}>
              {formatClock(at)}
            </time>
            <div>
              <p>
                <strong>{AUDIT_KINDS[kind]}</strong>
                <span className="soft">{` by ${actor}`}</span>
              </p>
              {text === '' ? null : <p className="soft">{text}</p>}
            </div>
          </li>
        ))}
      </ol>
      <p className="fine">times in UTC</p>
    </Card>
  );
}

/** Others of the same fingerprint: what it was then. */
export function EarlierIncidents({ earlier }: Pick<IncidentAnswer, 'earlier'>) {
  return (
    <Card title="Earlier, of the same kind">
      {earlier.length === 0 ? <p className="empty">It is the first of its fingerprint.</p> : null}
      <ul className="earlier">
        {earlier.map((incident) => (
          <li key={incident.startsAt}>
            <Link href={incidentHref(incident.fingerprint, { startsAt: incident.startsAt })}>
              {formatTime(incident.startsAt)}
            </Link>
            <span className="soft">{incident.endsAt === null ? '' : ` for ${formatStopwatch(durationOf(incident, 0).ms)}`}</span>
            <p className="soft">
              {incident.declaredCause?.cause ?? incident.firstHypothesis ?? 'No cause was found or declared.'}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
