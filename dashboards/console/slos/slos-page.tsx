import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { SloList } from '#core';
import type { LiveState } from '../api/live.ts';
import { alertsQuery, slosQuery } from '../api/operations.ts';
import { Empty, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { useTitle } from '../shell/title.ts';
import { plural } from '../words/numbers.ts';
import { AlertRules } from './alert-rules.tsx';
import { Notifications } from './notifications.tsx';
import { SloCard } from './slo-card.tsx';

/** What is promised and how much of it is left, the rules that watch it, and whether somebody would be told. */
export function SlosPage({ live }: { readonly live: LiveState }) {
  useTitle('SLOs and alerts');
  return (
    <article className="governance slos">
      <Objectives />
      <Rules live={live} />
    </article>
  );
}

function Objectives() {
  const { data, error, refetch } = useQuery(slosQuery);
  return (
    <>
      <header className="object-head">
        <div>
          <h1>Objectives and alerts</h1>
          <p className="soft">What is promised, how much of its error budget is left, and the rules that watch it.</p>
        </div>
        {data === undefined ? null : <Coverage coverage={data.coverage} />}
      </header>
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <Skeleton height={420} label="Loading the objectives" /> : null}
      {data?.slos.length === 0 ? (
        <Empty>This workspace promises nothing yet: add an objective under slos/ and start again.</Empty>
      ) : null}
      <div className="slo-cards">
        {data?.slos.map((slo) => (
          <SloCard key={`${slo.pipeline} ${slo.slo}`} slo={slo} />
        ))}
        <WhoIsTold />
      </div>
    </>
  );
}

/** It is told with the rules; a failure of that answer stands there. */
function WhoIsTold() {
  const { data } = useQuery(alertsQuery);
  return data === undefined ? null : <Notifications notifications={data.notifications} />;
}

function Rules({ live }: { readonly live: LiveState }) {
  const { data, error, refetch } = useQuery(alertsQuery);
  return (
    <>
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <Skeleton height={480} label="Loading the alert rules" /> : null}
      {data === undefined ? null : <AlertRules alerts={data.alerts} live={live} />}
    </>
  );
}

function Coverage({ coverage: { alerts, withRunbook, verified } }: { readonly coverage: SloList['coverage'] }) {
  return (
    <dl className="head-figures">
      <div className={withRunbook < alerts ? 'is-bad' : ''}>
        <dt>
          <Link href="/runbooks">with a runbook</Link>
        </dt>
        <dd>{`${withRunbook < alerts ? '! ' : ''}${withRunbook} of ${plural(alerts, 'alert')}`}</dd>
      </div>
      <div>
        <dt>proven by a drill</dt>
        <dd>{`${verified} of ${plural(withRunbook, 'runbook')}`}</dd>
      </div>
    </dl>
  );
}
