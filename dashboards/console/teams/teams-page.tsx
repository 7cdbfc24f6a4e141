import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { TeamAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import type { LiveState } from '../api/live.ts';
import { incidentsQuery, teamQuery } from '../api/operations.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { IncidentStateMark, SeverityMark } from '../parts/incident-marks.tsx';
import { Empty, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { ContactLink } from '../parts/owner-link.tsx';
import { useServerNow } from '../parts/server-now.ts';
import { useTitle } from '../shell/title.ts';
import { formatStopwatch } from '../words/durations.ts';
import { incidentHref } from '../words/links.ts';
import { groupedByKind } from './owned.ts';

const NOT_FOUND = 404;

interface TeamsPageProps {
  readonly name: string;
  readonly live: LiveState;
}

/** A team: how to reach it, what burns of what it owns, and what it owns. */
export function TeamsPage({ name, live }: TeamsPageProps) {
  useTitle(`Team ${name}`);
  const { data, error, refetch } = useQuery(teamQuery(name));
  if (data === undefined && error instanceof ApiProblem && error.status === NOT_FOUND)
    return (
      <section className="not-found">
        <h1>No team has this name</h1>
        <p>
          <code>{name}</code>
        </p>
        <p>{error.message}</p>
        <p>
          <Link href="/">To the overview</Link>
        </p>
      </section>
    );
  return (
    <article className="governance team">
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <Skeleton height={420} label="Loading the team" /> : null}
      {data === undefined ? null : <Team answer={data} live={live} />}
    </article>
  );
}

function Team({ answer, live }: { readonly answer: TeamAnswer; readonly live: LiveState }) {
  const { team, description, owns, incidents } = answer;
  return (
    <>
      <header className="object-head">
        <div>
          <p className="kicker">team</p>
          <h1>{team.name}</h1>
          <p className="soft">{description}</p>
        </div>
      </header>
      <section className="card team-contact" aria-label="How to reach it">
        <p className="kicker">reach it at</p>
        <p className="team-address">
          <ContactLink contact={team.contact} />
          <CopyButton text={team.contact} what="the contact" />
        </p>
      </section>
      <Card title="Its open incidents">
        {incidents.length === 0 ? (
          <Empty>None: nothing that it owns burns.</Empty>
        ) : (
          <OpenOnes fingerprints={incidents} live={live} />
        )}
      </Card>
      <Card title="What it answers for">
        {owns.length === 0 ? <Empty>Nothing of this workspace.</Empty> : null}
        <dl className="owned">
          {groupedByKind(owns).map(({ words, items }) => (
            <div key={words}>
              <dt>{words}</dt>
              <dd>
                <ul>
                  {items.map(({ name, href, description: about }) => (
                    <li key={name}>
                      {href === undefined ? <code>{name}</code> : <Link href={href}>{name}</Link>}
                      <span className="soft">{about}</span>
                    </li>
                  ))}
                </ul>
              </dd>
            </div>
          ))}
        </dl>
      </Card>
    </>
  );
}

/** Their fingerprints come with the team; what they are about, with the list of all. */
function OpenOnes({ fingerprints, live }: { readonly fingerprints: readonly string[]; readonly live: LiveState }) {
  const { data } = useQuery(incidentsQuery);
  const nowMs = useServerNow(live, true);
  return (
    <ul className="team-incidents">
      {fingerprints.map((fingerprint) => {
        const incident = data?.incidents.find((one) => one.fingerprint === fingerprint && one.state !== 'resolved');
        return (
          <li key={fingerprint}>
            {incident === undefined ? (
              <Link href={incidentHref(fingerprint)}>{fingerprint}</Link>
            ) : (
              <>
                <SeverityMark severity={incident.severity} />
                <Link href={incidentHref(fingerprint, { startsAt: incident.startsAt })}>{incident.summary}</Link>
                <IncidentStateMark state={incident.state} />
                <span className="stopwatch">{formatStopwatch(nowMs - Date.parse(incident.startsAt))}</span>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
