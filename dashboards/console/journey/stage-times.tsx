import type { Journey } from '#core';
import { Card } from '../parts/card.tsx';
import { Note } from '../parts/notes.tsx';
import { formatMs, formatUs } from '../words/durations.ts';
import { STAGES } from '../words/stages.ts';
import { type StageRow, stageRows } from './stage-rows.ts';

type JourneyLatency = Journey['latency'];

/** Append to acknowledgement, stage by stage, each bar where the one before ends: they add up to end to end. */
export function StageTimes({ latency }: { readonly latency: JourneyLatency }) {
  const { rows, sumUs } = stageRows(latency);
  const { endToEndUs } = latency;
  return (
    <Card title="Latency by stage" aside={<Verdict latency={latency} />} className="stages">
      <LatencyNotes latency={latency} />
      <table className="stage-table">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">stage</th>
            <th scope="col">from begin to end</th>
            <th scope="col">took</th>
            <th scope="col">against its latency budget</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <StageLine key={row.stage} row={row} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">end to end</th>
            <td>
              <span className="stage-whole" aria-hidden="true">
                {rows.map((row) => (
                  <span key={row.stage} className={partClass(row)} style={{ left: `${row.left}%`, width: `${row.width}%` }} />
                ))}
              </span>
            </td>
            <td>{formatUs(endToEndUs ?? sumUs)}</td>
            <td className="soft">{latency.isBacklog || latency.isSkewed ? '' : `p95 ${formatMs(latency.budget.p95Ms)}`}</td>
          </tr>
        </tfoot>
      </table>
    </Card>
  );
}

function partClass({ isBroken, stage, verdict }: StageRow): string {
  if (isBroken) return 'stage-part is-broken';
  if (stage === 'unattributed') return 'stage-part is-unattributed';
  return verdict === 'over_p99' || verdict === 'over_p95' ? 'stage-part is-over' : 'stage-part';
}

function Verdict({ latency: { isBacklog, isSkewed, isBreach, budget } }: { readonly latency: JourneyLatency }) {
  if (isBacklog) return <>backlog: outside the latency objectives</>;
  if (isSkewed) return <>skewed clocks: outside the latency objectives</>;
  return isBreach ? (
    <strong className="bad">× breach: longer than p99 {formatMs(budget.p99Ms)}</strong>
  ) : (
    <span className="good">✓ within p99 {formatMs(budget.p99Ms)}</span>
  );
}

function LatencyNotes({ latency: { isBacklog, isSkewed, endToEndUs, stages } }: { readonly latency: JourneyLatency }) {
  const waited = stages.find(({ stage }) => stage === 'broker_wait');
  return (
    <>
      {isBacklog ? (
        <Note kind="info">
          <p>
            {`Backlog: broker wait is how long this history waited in the log${waited === undefined ? '' : ` (${formatUs(waited.us)})`}, not how slow the pipeline is. It is drawn with a break; the other stages share the scale.`}
          </p>
        </Note>
      ) : null}
      {isSkewed ? (
        <Note kind="warning">
          <p>The clocks of log and process disagree, so one of these times is negative. The sum holds; single stages may not.</p>
        </Note>
      ) : null}
      {endToEndUs === null ? (
        <Note kind="warning">
          <p>When this became durable is not known: the process ended between its commit and the record of its batch.</p>
        </Note>
      ) : null}
    </>
  );
}

const VERDICTS: Readonly<Record<StageRow['verdict'], string>> = {
  within: 'of p95',
  over_p95: '! over p95',
  over_p99: '× over p99',
  waited: 'history waited',
  unheld: 'p95',
  no_budget: '',
};

function StageLine({ row }: { readonly row: StageRow }) {
  const { name, covers } = STAGES[row.stage];
  return (
    <tr className={row.verdict === 'over_p99' || row.verdict === 'over_p95' ? 'is-over' : ''}>
      <th scope="row" title={covers}>
        {name}
      </th>
      <td>
        <span className="stage-track" aria-hidden="true">
          <span className={partClass(row)} style={{ left: `${row.left}%`, width: `${row.width}%` }} />
        </span>
      </td>
      <td>{formatUs(row.us)}</td>
      <td className="soft">{`${VERDICTS[row.verdict]} ${goalOf(row)}`}</td>
    </tr>
  );
}

function goalOf({ verdict, budget }: StageRow): string {
  if (budget === null || verdict === 'waited') return '';
  return formatMs(verdict === 'over_p99' ? budget.p99Ms : budget.p95Ms);
}
