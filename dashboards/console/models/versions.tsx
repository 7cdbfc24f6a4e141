import { Link } from 'wouter';
import type { ModelAnswer, ModelVersionView } from '#core';
import { Card } from '../parts/card.tsx';
import { VersionMark } from '../parts/version-mark.tsx';
import { CAUSES } from '../words/governance.ts';
import { modelHref } from '../words/links.ts';
import { formatCount, formatFigure, NO_FIGURE } from '../words/numbers.ts';
import { formatShortDay, formatWindow } from '../words/times.ts';
import { ForestPlot } from './forest-plot.tsx';
import { forestDomain } from './intervals.ts';
import { heldOut } from './training-figures.ts';

const COLUMNS = [
  'version',
  'status',
  'decided',
  'trained for',
  'algorithm',
  'trained on',
  'held out: AUC',
  'log loss',
  'gate: candidate less live',
  'decisions',
] as const;

/** Versions side by side, newest first. */
export function Versions({ answer, shown }: { readonly answer: ModelAnswer; readonly shown: number | undefined }) {
  const domain = forestDomain(answer.versions.map(({ gate }) => gate?.difference ?? null));
  return (
    <Card
      title="Versions side by side"
      aside="the interval of each gate against 0, on one scale; left of it the candidate is better"
      className="versions"
    >
      <table className="grid versions-table">
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.versions.map((version) => (
            <VersionRow
              key={version.version}
              name={answer.name}
              version={version}
              domain={domain}
              isShown={version.version === shown}
            />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

interface VersionRowProps {
  readonly name: string;
  readonly version: ModelVersionView;
  readonly domain: readonly [number, number];
  readonly isShown: boolean;
}

function VersionRow({ name, version: view, domain, isShown }: VersionRowProps) {
  const { version, status, cause, algorithm, trainedOn, metrics, decisions } = view;
  return (
    <tr className={isShown ? 'is-shown' : ''}>
      <th scope="row">
        <Link href={modelHref(name, { version })} aria-current={isShown ? 'true' : undefined}>
          {`v${version}`}
        </Link>
      </th>
      <td className="versions-status">
        <VersionMark status={status} />
        {view.isBaseline && status !== 'live' ? <small>frozen first model</small> : null}
      </td>
      <td className="versions-decided">
        <Reigns live={view.live} />
      </td>
      <td className="versions-cause">{cause === null ? NO_FIGURE : CAUSES[cause]}</td>
      <td className="versions-algorithm">{algorithm ?? NO_FIGURE}</td>
      <td className="versions-rows" title={trainedOn === null ? undefined : formatWindow(trainedOn)}>
        {trainedOn === null ? NO_FIGURE : `${formatCount(trainedOn.rows)} rows`}
      </td>
      <td className="versions-auc">{formatFigure(heldOut(metrics, 'Auc'))}</td>
      <td className="versions-loss">{formatFigure(heldOut(metrics, 'LogLoss'))}</td>
      <td className="versions-gate">
        <GateCell view={view} domain={domain} />
      </td>
      <td className="versions-decisions">{decisions === null ? NO_FIGURE : formatCount(decisions)}</td>
    </tr>
  );
}

function Reigns({ live }: Pick<ModelVersionView, 'live'>) {
  if (live.length === 0) return <>never</>;
  return (
    <>
      {live.map(({ from, to }) => (
        <span key={from}>{`${formatShortDay(from)} – ${to === null ? 'now' : formatShortDay(to)}`}</span>
      ))}
    </>
  );
}

function GateCell({
  view: { gate, status },
  domain,
}: {
  readonly view: ModelVersionView;
  readonly domain: readonly [number, number];
}) {
  if (gate === null) return <span className="soft">{status === 'shadow' ? 'not judged yet' : 'no gate'}</span>;
  const failed = gate.checks.filter(({ passed }) => !passed).length;
  return (
    <span className="gate-cell">
      {gate.difference === null ? null : <ForestPlot difference={gate.difference} domain={domain} />}
      <span className={failed === 0 ? 'good' : 'bad'}>
        <span aria-hidden="true">{failed === 0 ? '✓' : '×'}</span> {failed === 0 ? 'passed' : `${failed} failed`}
      </span>
    </span>
  );
}
