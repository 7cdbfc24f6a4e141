import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ModelAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import { modelQuery } from '../api/governance.ts';
import type { LiveState } from '../api/live.ts';
import { Note, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { OwnerLink } from '../parts/owner-link.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { useTitle } from '../shell/title.ts';
import { driftHref } from '../words/links.ts';
import { newestTime, versionToShow } from './line-facts.ts';
import { QualityByMonth } from './quality-by-month.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';
import { Trainings } from './trainings.tsx';
import { VersionDetail } from './version-detail.tsx';
import { VersionLanes } from './version-lanes.tsx';
import { Versions } from './versions.tsx';
import { WhoDecides } from './who-decides.tsx';

const NOT_FOUND = 404;

/** A model: who decides, the line of its versions, what the line gains, and why each version came or went. */
export function ModelView({ name, live }: { readonly name: string; readonly live: LiveState }) {
  useTitle(`Model ${name}`);
  const { data, error, refetch } = useQuery(modelQuery(name));
  if (data === undefined && error instanceof ApiProblem && error.status === NOT_FOUND)
    return <NoSuchModel name={name} message={error.message} />;
  return (
    <article className="governance">
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <ModelSkeleton /> : null}
      {data === undefined ? null : <Model answer={data} eventTime={live.tick?.health.replay.eventTime ?? undefined} />}
    </article>
  );
}

function NoSuchModel({ name, message }: { readonly name: string; readonly message: string }) {
  return (
    <section className="not-found">
      <h1>No model has this name</h1>
      <p>
        <code>{name}</code>
      </p>
      <p>{message}</p>
      <p>
        <Link href="/models">All models</Link>
      </p>
    </section>
  );
}

function ModelSkeleton() {
  return (
    <>
      <Skeleton height={64} label="Loading the model" />
      <Skeleton height={150} label="Loading who decides" />
      <Skeleton height={380} label="Loading the line of models" />
      <Skeleton height={560} label="Loading its quality" />
    </>
  );
}

function Model({ answer, eventTime }: { readonly answer: ModelAnswer; readonly eventTime: string | undefined }) {
  const [asked] = useSearchState('version');
  const [request] = useSearchState('request');
  const now = eventTime ?? newestTime(answer) ?? '';
  const shown = versionToShow(answer, asked);
  return (
    <>
      <ModelHead answer={answer} />
      {answer.versions.length === 0 ? (
        <Note kind="info">
          <p>
            No version of this model exists yet. Events are scored once the outcomes of the first training window have matured;
            until then their features are kept for that training.
          </p>
          <p>The first version appears here by itself: nothing has to be done.</p>
        </Note>
      ) : (
        <>
          <WhoDecides answer={answer} now={now} />
          <VersionLanes answer={answer} now={now} shown={shown?.version} />
          <QualityByMonth months={answer.months} total={answer.total} />
          <Versions answer={answer} shown={shown?.version} />
          {shown === undefined ? null : <VersionDetail answer={answer} version={shown} isAsked={asked !== undefined} />}
        </>
      )}
      <Trainings answer={answer} open={request} />
    </>
  );
}

function ModelHead({ answer }: { readonly answer: ModelAnswer }) {
  const { name, description, owner, pipeline, jobs, rollbackTo, liveVersion } = answer;
  const [rollback, setRollback] = useSearchState('rollback');
  const isPossible = liveVersion !== null && rollbackTo.length > 0;
  return (
    <header className="object-head">
      <div>
        <p className="kicker">
          {`model · pipeline ${pipeline} · owner `}
          <OwnerLink name={owner} />
          {jobs.map((job) => (
            <span key={job}>
              {' · watched by '}
              <Link href={driftHref(job)}>{job}</Link>
            </span>
          ))}
        </p>
        <h1>{name}</h1>
        <p className="soft">{description}</p>
      </div>
      {isPossible ? (
        <button type="button" className="button button-large" onClick={() => setRollback(String(rollbackTo[0]))}>
          Roll back …
        </button>
      ) : null}
      {isPossible && rollback !== undefined ? (
        <RollbackDialog answer={answer} asked={Number(rollback)} onClose={() => setRollback(undefined)} onChoose={setRollback} />
      ) : null}
    </header>
  );
}
