import type { Latency, PipelineSummary } from '#core';
import { Card } from '../parts/card.tsx';
import { Note } from '../parts/notes.tsx';
import { formatAge, formatMs } from '../words/durations.ts';
import { formatCount, plural } from '../words/numbers.ts';
import { STAGES } from '../words/stages.ts';

type PipelineLatency = PipelineSummary['latency'];
type Goal = PipelineLatency['budget'];
interface BudgetLine {
  readonly name: string;
  readonly covers: string;
  readonly latency: Latency;
  readonly budget: Goal | null;
}

/** Each stage's measured p95 against the p95 of its latency budget, and what is left of it. All bars share one scale. */
export function LatencyBudget({ latency }: { readonly latency: PipelineLatency }) {
  const { endToEnd, budget, stages, decisions, windowSeconds, breaches, skewed } = latency;
  const lines = stages.map(({ stage, ...line }): BudgetLine => ({ ...line, ...STAGES[stage] }));
  const scaleMs = Math.max(...lines.flatMap((line) => [line.budget?.p95Ms ?? 0, line.latency.p95Ms ?? 0]), 1);
  const aside = `${plural(decisions, 'live decision')} within ${formatAge(windowSeconds)}`;
  return (
    <Card title="Latency budget" aside={aside} className="latency-budget">
      {decisions === 0 ? (
        <NoLiveTraffic backlog={latency.backlogDecisions} />
      ) : (
        <Headline latency={endToEnd} budget={budget} breaches={breaches} />
      )}
      <table className="budget">
        <thead>
          <tr>
            <th scope="col">stage</th>
            <th scope="col" className="budget-bar-head">
              p95 in its budget
            </th>
            <th scope="col">mean</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
            <th scope="col">budget p95</th>
            <th scope="col">left</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <BudgetRow key={line.name} line={line} scaleMs={scaleMs} />
          ))}
        </tbody>
        <tfoot>
          <BudgetRow
            line={{ name: 'end to end', covers: 'in the log until the decision is durable', latency: endToEnd, budget }}
            scaleMs={Math.max(budget.p95Ms, endToEnd.p95Ms ?? 0)}
          />
        </tfoot>
      </table>
      {skewed > 0 ? (
        <p className="fine">{`${plural(skewed, 'decision')} left out: the clocks of log and process are skewed.`}</p>
      ) : null}
    </Card>
  );
}

function NoLiveTraffic({ backlog }: { readonly backlog: number }) {
  return (
    <Note kind="info">
      <p>
        <strong>No live traffic yet: replaying backlog.</strong>{' '}
        {`History that is read as fast as possible says nothing of latency, so its ${plural(backlog, 'decision')} in this window are left out. The budget below is what live events will be held to.`}
      </p>
    </Note>
  );
}

function Headline({
  latency,
  budget,
  breaches,
}: {
  readonly latency: Latency;
  readonly budget: Goal;
  readonly breaches: number;
}) {
  const figures = [
    { name: 'mean', ms: latency.meanMs, goalMs: budget.meanMs },
    { name: 'p50', ms: latency.p50Ms, goalMs: undefined },
    { name: 'p95', ms: latency.p95Ms, goalMs: budget.p95Ms },
    { name: 'p99', ms: latency.p99Ms, goalMs: budget.p99Ms },
  ];
  return (
    <dl className="headline">
      {figures.map(({ name, ms, goalMs }) => (
        <div key={name} className={isOver(ms, goalMs) ? 'is-over' : ''}>
          <dt>{name}</dt>
          <dd className="headline-figure">{formatMs(ms)}</dd>
          <dd className="headline-goal">
            {goalMs === undefined ? 'no goal' : `${isOver(ms, goalMs) ? 'over ' : 'of '}${formatMs(goalMs)}`}
          </dd>
        </div>
      ))}
      <div className={breaches > 0 ? 'is-over' : ''}>
        <dt>breaches</dt>
        <dd className="headline-figure">{formatCount(breaches)}</dd>
        <dd className="headline-goal">longer than p99</dd>
      </div>
    </dl>
  );
}

function isOver(ms: number | null, goalMs: number | undefined): boolean {
  return ms !== null && goalMs !== undefined && ms > goalMs;
}

function BudgetRow({
  line: { name, covers, latency, budget },
  scaleMs,
}: {
  readonly line: BudgetLine;
  readonly scaleMs: number;
}) {
  const { meanMs, p50Ms, p95Ms, p99Ms } = latency;
  const isBroken = isOver(p95Ms, budget?.p95Ms);
  return (
    <tr className={rowClass(isBroken, budget)}>
      <th scope="row">
        <span title={covers}>{name}</span>
      </th>
      <td className="budget-bar-cell">
        <BudgetBar measuredMs={p95Ms} budgetMs={budget?.p95Ms} scaleMs={scaleMs} />
      </td>
      <td className="wide-only">{formatMs(meanMs)}</td>
      <td className="wide-only">{formatMs(p50Ms)}</td>
      <td className="budget-p95">{formatMs(p95Ms)}</td>
      <td className="wide-only">{formatMs(p99Ms)}</td>
      <td className="budget-goal">{formatMs(budget?.p95Ms ?? null)}</td>
      <td className="budget-left">{leftOf(p95Ms, budget?.p95Ms)}</td>
    </tr>
  );
}

function rowClass(isBroken: boolean, budget: Goal | null): string {
  if (budget === null) return 'has-no-budget';
  return isBroken ? 'is-over' : '';
}

function leftOf(measuredMs: number | null, budgetMs: number | undefined): string {
  if (measuredMs === null || budgetMs === undefined) return formatMs(null);
  return measuredMs > budgetMs ? `over by ${formatMs(measuredMs - budgetMs)}` : formatMs(budgetMs - measuredMs);
}

interface BudgetBarProps {
  readonly measuredMs: number | null;
  readonly budgetMs: number | undefined;
  readonly scaleMs: number;
}

/** The outline is the budget, the fill is what was measured; what is over it is hatched. */
function BudgetBar({ measuredMs, budgetMs, scaleMs }: BudgetBarProps) {
  const percent = (ms: number): string => `${Math.min(100, (100 * ms) / scaleMs).toFixed(2)}%`;
  const measured = measuredMs ?? 0;
  const within = Math.min(measured, budgetMs ?? measured);
  const over = budgetMs === undefined ? 0 : Math.max(0, measured - budgetMs);
  return (
    <div className="budget-bar" aria-hidden="true">
      {budgetMs === undefined ? null : <div className="budget-bar-room" style={{ width: percent(budgetMs) }} />}
      {measuredMs === null ? null : <div className="budget-bar-fill" style={{ width: percent(within) }} />}
      {over === 0 ? null : <div className="budget-bar-over" style={{ left: percent(within), width: percent(over) }} />}
    </div>
  );
}
