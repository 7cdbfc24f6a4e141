import { Link } from 'wouter';
import type { AlertView } from '#core';
import { CopyableId } from '../parts/copy-button.tsx';
import { AlertStateMark } from '../parts/incident-marks.tsx';
import { Note } from '../parts/notes.tsx';
import { FoldedQuery } from '../parts/query-text.tsx';
import { formatPeriod, formatStopwatch } from '../words/durations.ts';
import { incidentHref } from '../words/links.ts';
import { formatValue } from '../words/numbers.ts';
import { formatTime } from '../words/times.ts';

interface RuleDetailProps {
  readonly alert: AlertView;
  readonly nowMs: number;
}

/** A rule unfolded: what it is about, what of it burns, and how to ask the same elsewhere. */
export function RuleDetail({ alert, nowMs }: RuleDetailProps) {
  const { description, problem, evaluatedAt, forSeconds, threshold, dashboard, sql, promql, series } = alert;
  return (
    <div className="rule-detail">
      <p>{description}</p>
      {problem === null ? null : (
        <Note kind="problem">
          <p>{problem}</p>
        </Note>
      )}
      <p className="soft">
        {`Fires where its value is over ${formatValue(threshold)}${forSeconds === 0 ? '' : ` for ${formatPeriod(forSeconds)}`}; `}
        {evaluatedAt === null ? 'it has not been evaluated yet.' : `evaluated last at ${formatTime(evaluatedAt)}.`}
      </p>
      {series.length === 0 ? null : <Series series={series} nowMs={nowMs} />}
      <p className="rule-grafana">
        <span className="soft">in Grafana</span> <CopyableId text={dashboard} what="path of the panel in Grafana" />
      </p>
      <FoldedQuery text={sql} what="SQL" />
      <FoldedQuery text={promql} what="PromQL" />
    </div>
  );
}

function Series({ series, nowMs }: { readonly series: AlertView['series']; readonly nowMs: number }) {
  return (
    <ul className="rule-series">
      {series.map(({ fingerprint, state, since, summary, value, hasIncident }) => (
        <li key={fingerprint}>
          <AlertStateMark state={state} />
          <div>
            <p>{hasIncident ? <Link href={incidentHref(fingerprint)}>{summary}</Link> : summary}</p>
            <p className="fine">{`${formatValue(value)} · for ${formatStopwatch(nowMs - Date.parse(since))}, since ${formatTime(since)}`}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
