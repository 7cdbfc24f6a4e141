import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { IncidentAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import type { LiveState } from '../api/live.ts';
import { incidentQuery } from '../api/operations.ts';
import { ProblemNote, Skeleton } from '../parts/notes.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { useTitle } from '../shell/title.ts';
import { AlertDetails } from './alert-details.tsx';
import { AuditTrail, EarlierIncidents } from './audit-trail.tsx';
import { CohortBars } from './cohort-bars.tsx';
import { Exemplars } from './exemplars.tsx';
import { Impact } from './impact.tsx';
import { IncidentHead } from './incident-head.tsx';
import { LeadingCause } from './leading-cause.tsx';
import { NearbyChanges } from './nearby-changes.tsx';
import { OtherCauses } from './other-causes.tsx';
import { RunbookChecks, WhatEases } from './runbook-checks.tsx';

const NOT_FOUND = 404;

interface IncidentViewProps {
  readonly fingerprint: string;
  readonly live: LiveState;
}

/** Where every alert lands: what broke, why, what it hits, what changed, and what to do. */
export function IncidentView({ fingerprint, live }: IncidentViewProps) {
  const [startsAt] = useSearchState('startsAt');
  const { data, error, refetch } = useQuery(incidentQuery(fingerprint, startsAt));
  useTitle(data === undefined ? `Incident ${fingerprint}` : `${data.incident.alert}, incident`);
  if (data === undefined && error instanceof ApiProblem && error.status === NOT_FOUND)
    return <NoSuchIncident fingerprint={fingerprint} message={error.message} />;
  return (
    <article className="governance incident">
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <IncidentSkeleton /> : null}
      {data === undefined ? null : <Incident answer={data} live={live} />}
    </article>
  );
}

function NoSuchIncident({ fingerprint, message }: { readonly fingerprint: string; readonly message: string }) {
  return (
    <section className="not-found">
      <h1>No incident has this fingerprint</h1>
      <p>
        <code>{fingerprint}</code>
      </p>
      <p>{message}</p>
      <p>
        <Link href="/incidents">All incidents</Link>
      </p>
    </section>
  );
}

function IncidentSkeleton() {
  return (
    <>
      <Skeleton height={220} label="Loading the incident" />
      <Skeleton height={420} label="Loading its diagnosis" />
      <Skeleton height={380} label="Loading where the time went" />
    </>
  );
}

/** Full width: what broke. Then two columns, what is known beside what is hit and what to do. */
function Incident({ answer, live }: { readonly answer: IncidentAnswer; readonly live: LiveState }) {
  const { runbook, cohorts, diagnosis, changes, exemplars, audit, earlier, impact } = answer;
  return (
    <>
      <IncidentHead answer={answer} live={live} />
      <div className="incident-columns">
        <div className="incident-main">
          <LeadingCause answer={answer} live={live} />
          <OtherCauses answer={answer} />
        </div>
        <div className="incident-side">
          <Impact impact={impact} diagnosis={diagnosis} />
          {runbook === null ? null : <WhatEases runbook={runbook} />}
        </div>
        <div className="incident-main">
          {cohorts === null ? null : <CohortBars cohorts={cohorts} diagnosis={diagnosis} />}
          <NearbyChanges changes={changes} diagnosis={diagnosis} />
          <RunbookChecks answer={answer} />
        </div>
        <div className="incident-side">
          <Exemplars exemplars={exemplars} />
          <AuditTrail audit={audit} />
          <EarlierIncidents earlier={earlier} />
          <AlertDetails answer={answer} />
        </div>
      </div>
    </>
  );
}
