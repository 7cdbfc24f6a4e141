import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { DriftAnswer, DriftMeasure } from '#core';
import { ApiProblem } from '../api/client.ts';
import { distributionQuery } from '../api/governance.ts';
import { Card } from '../parts/card.tsx';
import { Empty, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { formatP, METHODS } from '../words/governance.ts';
import { modelHref } from '../words/links.ts';
import { formatCount, NO_FIGURE } from '../words/numbers.ts';
import { formatWindow } from '../words/times.ts';
import type { CellState } from './cell-state.ts';
import { Distribution } from './distribution.tsx';
import { formatMeasure, measureSentence, verdictWord } from './measure-words.ts';
import { limitOf, stepOf } from './strength.ts';

interface CellDetailProps {
  readonly answer: DriftAnswer;
  readonly cell: CellState;
}

type Window = DriftAnswer['windows'][number];

/** The open cell: its distribution against the reference, and every measure of it in words. */
export function CellDetail({ answer, cell }: CellDetailProps) {
  const { row, column } = cell;
  const target = row === undefined ? undefined : answer.targets[row];
  const window = column === undefined ? undefined : answer.windows[column];
  if (row === undefined || column === undefined || target === undefined || window === undefined) return null;
  return <Detail answer={answer} cell={cell} target={target} window={window} at={[row, column]} />;
}

interface DetailProps extends CellDetailProps {
  readonly target: DriftAnswer['targets'][number];
  readonly window: Window;
  readonly at: readonly [row: number, column: number];
}

function Detail({ answer, cell, target, window, at: [row, column] }: DetailProps) {
  const host = useRef<HTMLDivElement>(null);
  const measures = target.cells[column] ?? [];
  useEffect(() => host.current?.scrollIntoView({ block: 'nearest' }), [target.target, window.to]);
  return (
    <div ref={host} className="detail-place">
      <Card title={target.target} aside={formatWindow(window)} className="cell-detail">
        <div className="cell-tools">
          <p className="soft">
            {`${formatCount(window.decisions)} decisions of `}
            <Link href={modelHref(answer.model, { version: window.version })}>{`v${window.version}`}</Link>
            {`, held against its training: ${formatWindow(window.reference)}.`}
          </p>
          <span className="cell-steps">
            <button type="button" className="button" disabled={column === 0} onClick={() => cell.open(row, column - 1)}>
              ← window before
            </button>
            <button
              type="button"
              className="button"
              disabled={column === answer.windows.length - 1}
              onClick={() => cell.open(row, column + 1)}
            >
              window after →
            </button>
            <button type="button" className="button" onClick={() => cell.close()}>
              Close
            </button>
          </span>
        </div>
        <div className="cell-columns">
          <section>
            <h3>Distribution</h3>
            <DistributionPlace job={answer.job} target={target} window={window} measures={measures} />
          </section>
          <section>
            <h3>Measures</h3>
            {measures.length === 0 ? (
              <Empty>The job has measured nothing of it in this window.</Empty>
            ) : (
              <Measures measures={measures} />
            )}
          </section>
        </div>
      </Card>
    </div>
  );
}

interface DistributionPlaceProps {
  readonly job: string;
  readonly target: DriftAnswer['targets'][number];
  readonly window: Window;
  readonly measures: readonly DriftMeasure[];
}

/** Shares by bin are kept with PSI: without it there are none, and the reason is told. */
function DistributionPlace({ job, target: { target, kind }, window, measures }: DistributionPlaceProps) {
  if (kind === 'outcome')
    return <Empty>Outcomes are yes or no; the base rate and the measures of quality say how they moved.</Empty>;
  const psi = measures.find(({ method }) => method === 'psi');
  if (psi === undefined) return <Empty>No shares by bin are kept of it in this window.</Empty>;
  if (psi.status !== 'ok') return <Empty>{`There are no shares by bin: ${psi.reason}.`}</Empty>;
  return <DistributionOf job={job} target={target} to={window.to} />;
}

const NOT_FOUND = 404;

function DistributionOf({ job, target, to }: { readonly job: string; readonly target: string; readonly to: string }) {
  const { data, error, refetch } = useQuery(distributionQuery(job, { target, to }));
  if (data !== undefined) return <Distribution answer={data} />;
  if (error instanceof ApiProblem && error.status === NOT_FOUND) return <Empty>{error.message}</Empty>;
  if (error !== null) return <ProblemNote error={error} refetch={refetch} />;
  return <Skeleton height={260} label="Loading the distribution" />;
}

function Measures({ measures }: { readonly measures: readonly DriftMeasure[] }) {
  return (
    <table className="grid measures-table">
      <thead>
        <tr>
          {['measure', 'value', 'limit', 'p', 'n', 'says'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {measures.map((measure) => (
          <MeasureRow key={measure.method} measure={measure} />
        ))}
      </tbody>
    </table>
  );
}

function MeasureRow({ measure }: { readonly measure: DriftMeasure }) {
  const { method, value, pValue, rows, status } = measure;
  const step = stepOf(measure);
  const isOver = step === 'alarm' || step === 'breach';
  return (
    <tr className={isOver ? 'is-over' : ''}>
      <th scope="row">
        {METHODS[method].name}
        <small>{METHODS[method].meaning}</small>
      </th>
      <td>{status === 'ok' ? formatMeasure(measure, value) : NO_FIGURE}</td>
      <td>{formatMeasure(measure, limitOf(measure))}</td>
      <td>{formatP(pValue)}</td>
      <td>{formatCount(rows)}</td>
      <td className="measure-says">
        <strong>{`${isOver ? '! ' : ''}${verdictWord(measure)}`}</strong>
        <small>{measureSentence(measure)}</small>
      </td>
    </tr>
  );
}
