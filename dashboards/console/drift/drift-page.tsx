import { useQuery } from '@tanstack/react-query';
import { Link, Redirect } from 'wouter';
import type { DriftList } from '#core';
import { driftsQuery } from '../api/governance.ts';
import { ObjectList } from '../parts/object-list.tsx';
import { OwnerLink } from '../parts/owner-link.tsx';
import { useTitle } from '../shell/title.ts';
import { driftHref, modelHref } from '../words/links.ts';
import { plural } from '../words/numbers.ts';
import { formatWindow } from '../words/times.ts';
import { DriftView } from './drift-view.tsx';

/** All drift jobs (one alone is opened at once), or the one of a name. */
export function DriftPage({ job }: { readonly job: string | undefined }) {
  return job === undefined ? <JobList /> : <DriftView job={job} />;
}

function JobList() {
  useTitle('Drift');
  const { data, error, refetch } = useQuery(driftsQuery);
  const only = data?.jobs.length === 1 ? data.jobs[0] : undefined;
  if (only !== undefined) return <Redirect to={driftHref(only.job)} replace />;
  return (
    <ObjectList
      title="Drift"
      about="What is served, window by window, against what each model was trained on."
      empty="This workspace has no drift job: add one under drift/ and start again."
      error={error}
      refetch={refetch}
      cards={data?.jobs.map((summary) => <JobCard key={summary.job} summary={summary} />)}
    />
  );
}

function JobCard({ summary }: { readonly summary: DriftList['jobs'][number] }) {
  const { job, owner, description, pipeline, model, windows, lastWindow, openAlarms, openFindings } = summary;
  return (
    <li className="card object-card">
      <h2>
        <Link href={driftHref(job)}>{job}</Link>
      </h2>
      <p className="soft">{description}</p>
      <dl className="facts">
        <div>
          <dt>alarms on</dt>
          <dd className={openAlarms > 0 ? 'bad' : ''}>{openAlarms === 0 ? 'none' : `! ${openAlarms}`}</dd>
        </div>
        <div>
          <dt>findings open</dt>
          <dd className={openFindings > 0 ? 'bad' : ''}>{openFindings === 0 ? 'none' : `! ${openFindings}`}</dd>
        </div>
        <div>
          <dt>measured</dt>
          <dd>{lastWindow === null ? 'no window yet' : `${plural(windows, 'window')}, the last ${formatWindow(lastWindow)}`}</dd>
        </div>
        <div>
          <dt>model</dt>
          <dd>
            <Link href={modelHref(model)}>{model}</Link>
          </dd>
        </div>
        <div>
          <dt>pipeline</dt>
          <dd>{pipeline}</dd>
        </div>
        <div>
          <dt>owner</dt>
          <dd>
            <OwnerLink name={owner} />
          </dd>
        </div>
      </dl>
    </li>
  );
}
