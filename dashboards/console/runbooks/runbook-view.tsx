import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { RunbookAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import { incidentsQuery, runbookQuery } from '../api/operations.ts';
import { Checks } from '../parts/checks.tsx';
import { CopyableId } from '../parts/copy-button.tsx';
import { AlertStateMark, IncidentStateMark, SeverityMark } from '../parts/incident-marks.tsx';
import { Mitigations } from '../parts/mitigations.tsx';
import { ProblemNote, Skeleton } from '../parts/notes.tsx';
import { ContactLink, Owner } from '../parts/owner-link.tsx';
import { useTitle } from '../shell/title.ts';
import { incidentHref, sloHref } from '../words/links.ts';
import { formatTime } from '../words/times.ts';
import { sectionsOf } from './sections.ts';
import { ServerHtml } from './server-html.tsx';
import { verifiedWords } from './verified.ts';

const NOT_FOUND = 404;

/** A runbook as it is written, with what its checks answer now where it speaks of them. */
export function RunbookView({ alert }: { readonly alert: string }) {
  useTitle(`Runbook ${alert}`);
  const { data, error, refetch } = useQuery(runbookQuery(alert));
  if (data === undefined && error instanceof ApiProblem && error.status === NOT_FOUND)
    return (
      <section className="not-found">
        <h1>No runbook has this name</h1>
        <p>
          <code>{alert}</code>
        </p>
        <p>{error.message}</p>
        <p>
          <Link href="/runbooks">All runbooks</Link>
        </p>
      </section>
    );
  return (
    <article className="governance runbook">
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <Skeleton height={640} label="Loading the runbook and running its checks" /> : null}
      {data === undefined ? null : <Runbook answer={data} />}
    </article>
  );
}

function Runbook({ answer }: { readonly answer: RunbookAnswer }) {
  const { checks, checkedAt, mitigations, escalate } = answer;
  return (
    <>
      <RunbookHead answer={answer} />
      {answer.incidents.length === 0 ? null : <OpenIncidents fingerprints={answer.incidents} />}
      <div className="runbook-sections">
        {sectionsOf(answer.sections).map(({ title, html, live }) => (
          <section key={title} className={`card runbook-section${live === undefined ? '' : ' is-live'}`} aria-label={title}>
            <header className="card-head">
              <h2>{title}</h2>
              {live === 'checks' ? <div className="card-aside">{`checks run at ${formatTime(checkedAt)}`}</div> : null}
            </header>
            {html === '' ? null : <ServerHtml html={html} />}
            {live === 'checks' ? <Checks checks={checks} /> : null}
            {live === 'mitigations' ? (
              <>
                <Mitigations mitigations={mitigations} />
                {escalate === '' ? null : (
                  <p className="escalate">
                    <strong>Escalate:</strong> {escalate}
                  </p>
                )}
              </>
            ) : null}
          </section>
        ))}
      </div>
    </>
  );
}

function RunbookHead({ answer: { runbook, pipeline, dashboard } }: { readonly answer: RunbookAnswer }) {
  const { alert, severity, owner, slo, firing, verifiedBy } = runbook;
  return (
    <header className="runbook-head">
      <p className="incident-kicker">
        <SeverityMark severity={severity} />
        <AlertStateMark state={firing ? 'firing' : 'ok'} />
        <span className="soft">
          {`runbook · pipeline ${pipeline}`}
          {slo === null ? null : (
            <>
              {' · objective '}
              <Link href={sloHref({ slo })}>{slo}</Link>
            </>
          )}
        </span>
      </p>
      <h1>{alert}</h1>
      <dl className="runbook-facts">
        <div>
          <dt>answers for it</dt>
          <dd>
            <Owner owner={owner} />
            {owner === null ? null : (
              <>
                {', '}
                <ContactLink contact={owner.contact} />
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>rehearsed</dt>
          <dd>{verifiedWords(verifiedBy)}</dd>
        </div>
        <div>
          <dt>in Grafana</dt>
          <dd>
            <CopyableId text={dashboard} what="path of the panel in Grafana" />
          </dd>
        </div>
      </dl>
    </header>
  );
}

/** Their fingerprints come with the runbook; what they are about, with the list of all. */
function OpenIncidents({ fingerprints }: { readonly fingerprints: readonly string[] }) {
  const { data } = useQuery(incidentsQuery);
  return (
    <section className="card runbook-incidents" aria-label="Open incidents of this alert">
      {fingerprints.map((fingerprint) => {
        const incident = data?.incidents.find((one) => one.fingerprint === fingerprint && one.state !== 'resolved');
        return (
          <p key={fingerprint}>
            <IncidentStateMark state={incident?.state ?? 'open'} />
            <Link href={incidentHref(fingerprint)}>{incident?.summary ?? fingerprint}</Link>
          </p>
        );
      })}
    </section>
  );
}
