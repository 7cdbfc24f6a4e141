import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { PipelineSummary, StreamTick } from '#core';
import type { LiveState } from '../api/live.ts';
import { pipelinesQuery } from '../api/queries.ts';
import { Empty, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { OwnerLink } from '../parts/owner-link.tsx';
import { useTitle } from '../shell/title.ts';
import { modelHref } from '../words/links.ts';
import { Burning } from './burning.tsx';
import { Fates } from './fates.tsx';
import { LatencyBudget } from './latency-budget.tsx';
import { Latest } from './latest.tsx';
import { Throughput } from './throughput.tsx';

/** Charts come after the figures: they are the heaviest part of the page and stand below the first screen. */
const Timeline = lazy(async () => ({ default: (await import('./timeline.tsx')).Timeline }));

/** Where the line stands: the latency budget, throughput, fates, what happens now, the year. */
export function OverviewPage({ live }: { readonly live: LiveState }) {
  const { tick } = live;
  useTitle('Overview');
  const { data, error, failureReason, refetch } = useQuery(pipelinesQuery);
  if (data === undefined && failureReason !== null)
    return (
      <>
        <h1 className="visually-hidden">Overview</h1>
        <Burning live={live} />
        <ProblemNote error={failureReason} refetch={refetch} />
        {tick === undefined ? null : <WithoutTelemetry tick={tick} />}
      </>
    );
  if (data === undefined) return <OverviewSkeleton />;
  if (data.pipelines.length === 0)
    return <Empty>This workspace has no pipeline yet: add one under pipelines/ and start again.</Empty>;
  return (
    <>
      <h1 className="visually-hidden">Overview</h1>
      <Burning live={live} />
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data.pipelines.map((pipeline) => (
        <Pipeline key={pipeline.name} pipeline={pipeline} tick={data.pipelines.length === 1 ? tick : undefined} />
      ))}
      <Suspense fallback={<Skeleton height={560} label="Loading the timeline" />}>
        <Timeline />
      </Suspense>
    </>
  );
}

/** What the line itself tells goes on while the store of telemetry is off or away. */
function WithoutTelemetry({ tick: { fates, latest, health } }: { readonly tick: StreamTick }) {
  return (
    <div className="overview-grid is-halves">
      <Fates fates={fates} reasons={undefined} eventsRead={health.eventsRead} />
      <Latest latest={latest} happenings={health.happenings} />
    </div>
  );
}

function OverviewSkeleton() {
  return (
    <>
      <Skeleton height={40} label="Loading the pipelines" />
      <div className="overview-grid">
        <Skeleton height={470} label="Loading the latency budget" />
        <Skeleton height={470} label="Loading throughput" />
        <Skeleton height={430} label="Loading fates" />
        <Skeleton height={430} label="Loading the newest decisions" />
      </div>
    </>
  );
}

interface PipelineProps {
  readonly pipeline: PipelineSummary;
  /** Newer figures of the same pipeline, where it is the only one. */
  readonly tick: StreamTick | undefined;
}

function Pipeline({ pipeline, tick }: PipelineProps) {
  const { name, description, owner, model, liveVersion } = pipeline;
  return (
    <section className="pipeline" aria-labelledby={`pipeline-${name}`}>
      <header className="pipeline-head">
        <h2 id={`pipeline-${name}`}>
          <span className="kicker">pipeline</span> {name}
        </h2>
        <p className="pipeline-about">{description}</p>
        <dl className="pipeline-facts">
          <div>
            <dt>model</dt>
            <dd>
              <Link href={modelHref(model)}>{liveVersion === null ? model : `${model} v${liveVersion}`}</Link>
              {liveVersion === null ? ', none live yet' : ', live'}
            </dd>
          </div>
          <div>
            <dt>owner</dt>
            <dd>
              <OwnerLink name={owner} />
            </dd>
          </div>
        </dl>
      </header>
      <PipelineFigures pipeline={pipeline} tick={tick} />
    </section>
  );
}

function PipelineFigures({ pipeline, tick }: PipelineProps) {
  return (
    <div className="overview-grid">
      <LatencyBudget latency={pipeline.latency} />
      <Throughput
        throughput={pipeline.throughput}
        eventsPerSecond={tick?.eventsPerSecond ?? pipeline.throughput.eventsPerSecond}
        lagEvents={pipeline.lagEvents}
        isBacklog={tick?.health.replay.state === 'backlog'}
        outcomes={pipeline.outcomes}
      />
      <Fates fates={tick?.fates ?? pipeline.fates} reasons={pipeline.reasons} eventsRead={tick?.health.eventsRead} />
      <Latest latest={tick?.latest} happenings={tick?.health.happenings ?? []} />
    </div>
  );
}
