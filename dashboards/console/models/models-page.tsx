import { useQuery } from '@tanstack/react-query';
import { Link, Redirect } from 'wouter';
import type { ModelSummary } from '#core';
import { modelsQuery } from '../api/governance.ts';
import type { LiveState } from '../api/live.ts';
import { ObjectList } from '../parts/object-list.tsx';
import { OwnerLink } from '../parts/owner-link.tsx';
import { useTitle } from '../shell/title.ts';
import { modelHref } from '../words/links.ts';
import { plural } from '../words/numbers.ts';
import { formatLongDay } from '../words/times.ts';
import { ModelView } from './model-view.tsx';

/** All models (one alone is opened at once), or the one of a name. */
export function ModelsPage({ name, live }: { readonly name: string | undefined; readonly live: LiveState }) {
  return name === undefined ? <ModelList /> : <ModelView name={name} live={live} />;
}

function ModelList() {
  useTitle('Models');
  const { data, error, refetch } = useQuery(modelsQuery);
  const only = data?.models.length === 1 ? data.models[0] : undefined;
  if (only !== undefined) return <Redirect to={modelHref(only.name)} replace />;
  return (
    <ObjectList
      title="Models"
      about="What decides in each pipeline, what is on trial, and what changed last."
      empty="This workspace has no model: add one under models/ and start again."
      error={error}
      refetch={refetch}
      cards={data?.models.map((model) => <ModelCard key={model.name} model={model} />)}
    />
  );
}

function ModelCard({ model }: { readonly model: ModelSummary }) {
  const { name, owner, description, pipeline, liveVersion, shadowVersion, versions, lastChange } = model;
  return (
    <li className="card object-card">
      <h2>
        <Link href={modelHref(name)}>{name}</Link>
      </h2>
      <p className="soft">{description}</p>
      <dl className="facts">
        <div>
          <dt>decides</dt>
          <dd>{liveVersion === null ? 'none yet' : <strong>{`v${liveVersion}`}</strong>}</dd>
        </div>
        <div>
          <dt>on trial</dt>
          <dd>{shadowVersion === null ? 'none' : `v${shadowVersion}`}</dd>
        </div>
        <div>
          <dt>line</dt>
          <dd>{plural(versions, 'version')}</dd>
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
        <div>
          <dt>last change</dt>
          <dd>{lastChange === null ? 'none yet' : `${formatLongDay(lastChange.at)}: ${lastChange.summary}`}</dd>
        </div>
      </dl>
    </li>
  );
}
