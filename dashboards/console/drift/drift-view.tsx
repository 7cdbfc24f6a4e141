import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { DriftAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import { driftQuery } from '../api/governance.ts';
import { Note, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { OwnerLink } from '../parts/owner-link.tsx';
import { useTitle } from '../shell/title.ts';
import { modelHref } from '../words/links.ts';
import { plural } from '../words/numbers.ts';
import { formatWindow } from '../words/times.ts';
import { Alarms } from './alarms.tsx';
import { CellDetail } from './cell-detail.tsx';
import { useCell } from './cell-state.ts';
import { Findings } from './findings.tsx';
import { HeatMap } from './heat-map.tsx';
import { QualityPicture } from './quality-picture.tsx';

const NOT_FOUND = 404;

/** A drift job: what fields mean, whether quality follows, features by windows, and what followed from each alarm. */
export function DriftView({ job }: { readonly job: string }) {
  useTitle(`Drift ${job}`);
  const { data, error, refetch } = useQuery(driftQuery(job));
  if (data === undefined && error instanceof ApiProblem && error.status === NOT_FOUND)
    return <NoSuchJob job={job} message={error.message} />;
  return (
    <article className="governance">
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <DriftSkeleton /> : null}
      {data === undefined ? null : <Drift answer={data} />}
    </article>
  );
}

function NoSuchJob({ job, message }: { readonly job: string; readonly message: string }) {
  return (
    <section className="not-found">
      <h1>No drift job has this name</h1>
      <p>
        <code>{job}</code>
      </p>
      <p>{message}</p>
      <p>
        <Link href="/drift">All drift jobs</Link>
      </p>
    </section>
  );
}

function DriftSkeleton() {
  return (
    <>
      <Skeleton height={90} label="Loading the drift job" />
      <Skeleton height={330} label="Loading quality" />
      <Skeleton height={620} label="Loading features by windows" />
    </>
  );
}

function Drift({ answer }: { readonly answer: DriftAnswer }) {
  const cell = useCell(answer);
  return (
    <>
      <DriftHead answer={answer} />
      <Findings answer={answer} />
      {answer.windows.length === 0 ? (
        <Note kind="info">
          <p>
            No window has been measured yet. The first follows once a version decides and the first window after that is complete;
            until then there is nothing to compare with.
          </p>
        </Note>
      ) : (
        <>
          <QualityPicture answer={answer} />
          <HeatMap answer={answer} cell={cell} />
          <CellDetail answer={answer} cell={cell} />
        </>
      )}
      <Alarms answer={answer} />
    </>
  );
}

function DriftHead({ answer }: { readonly answer: DriftAnswer }) {
  const { job, description, owner, pipeline, model, windows, alarms, findings } = answer;
  const last = windows.at(-1);
  const on = alarms.filter(({ endedAt }) => endedAt === null).length;
  const open = findings.filter(({ restoredAt }) => restoredAt === null).length;
  return (
    <header className="object-head">
      <div>
        <p className="kicker">
          {`drift job · pipeline ${pipeline} · owner `}
          <OwnerLink name={owner} />
          {' · watches '}
          <Link href={modelHref(model)}>{model}</Link>
        </p>
        <h1>{job}</h1>
        <p className="soft">{description}</p>
      </div>
      <dl className="head-figures">
        <div className={on > 0 ? 'is-bad' : ''}>
          <dt>{on === 1 ? 'alarm on' : 'alarms on'}</dt>
          <dd>{on > 0 ? `! ${on}` : 'none'}</dd>
        </div>
        <div className={open > 0 ? 'is-bad' : ''}>
          <dt>{open === 1 ? 'finding open' : 'findings open'}</dt>
          <dd>{open > 0 ? `! ${open}` : 'none'}</dd>
        </div>
        <div>
          <dt>{last === undefined ? 'measured' : `measured, up to ${formatWindow(last)}`}</dt>
          <dd>{last === undefined ? 'nothing yet' : plural(windows.length, 'window')}</dd>
        </div>
      </dl>
    </header>
  );
}
