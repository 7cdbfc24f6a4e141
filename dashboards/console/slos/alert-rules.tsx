import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { AlertView } from '#core';
import type { LiveState } from '../api/live.ts';
import { AlertStateMark, SeverityMark } from '../parts/incident-marks.tsx';
import { Empty } from '../parts/notes.tsx';
import { openIn, toggled } from '../parts/open-ids.ts';
import { Owner } from '../parts/owner-link.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { useServerNow } from '../parts/server-now.ts';
import { formatStopwatch } from '../words/durations.ts';
import { runbookHref } from '../words/links.ts';
import { formatValue, plural } from '../words/numbers.ts';
import { RuleDetail } from './rule-detail.tsx';

interface AlertRulesProps {
  readonly alerts: readonly AlertView[];
  readonly live: LiveState;
}

const COLUMNS = ['state', 'alert', 'value', 'fires over', 'since', 'owner', 'runbook'] as const;

/** Every rule with what it measures, what burns first; each unfolds to its series and its query. */
export function AlertRules({ alerts, live }: AlertRulesProps) {
  const isBurning = alerts.some(({ series }) => series.length > 0);
  const nowMs = useServerNow(live, isBurning);
  const firing = alerts.filter((alert) => alert.state === 'firing' && !isProof(alert)).length;
  return (
    <section className="card alert-rules" aria-labelledby="alert-rules">
      <header className="card-head">
        <h2 id="alert-rules">Alert rules</h2>
        <div className="card-aside">{`${plural(alerts.length, 'rule')}, ${firing === 0 ? 'none fires' : `${firing} firing`}`}</div>
      </header>
      {alerts.length === 0 ? <Empty>No rule is evaluated: the workspace has neither slos/ nor alerts/.</Empty> : null}
      <table className="rules-table">
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {alerts.map((alert) => (
          <Rule key={alert.id} alert={alert} nowMs={nowMs} />
        ))}
      </table>
    </section>
  );
}

/** Watchdog fires all the time: it proves that alerts arrive. */
function isProof({ severity, state }: AlertView): boolean {
  return severity === 'none' && state === 'firing';
}

function Rule({ alert, nowMs }: { readonly alert: AlertView; readonly nowMs: number }) {
  const [parameter, setParameter] = useSearchState('rule');
  const open = openIn(parameter);
  // Links know a rule by its id or by the name of its alert.
  const key = open.includes(alert.alert) ? alert.alert : alert.id;
  const isOpen = open.includes(key);
  const body = useRef<HTMLTableSectionElement>(null);
  const wasAsked = useRef(isOpen);
  useEffect(() => {
    if (wasAsked.current) body.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <tbody ref={body} className={`rule rule-${isProof(alert) ? 'ok' : alert.state}${isOpen ? ' is-open' : ''}`}>
      <tr>
        <td className="rule-state">
          {isProof(alert) ? <span className="good">✓ fires, as it should</span> : <AlertStateMark state={alert.state} />}
        </td>
        <th scope="row" className="rule-name">
          <button
            type="button"
            className="disclosure"
            aria-expanded={isOpen}
            aria-controls={`rule-${alert.id}`}
            onClick={() => setParameter(toggled(parameter, key))}
          >
            {alert.alert}
          </button>
          <span className="rule-about">
            <SeverityMark severity={alert.severity} />
            <small>{[alert.slo, alert.pipeline].filter((text) => text !== null).join(' · ')}</small>
          </span>
        </th>
        <td className="rule-value" data-label="value">
          {formatValue(alert.value)}
        </td>
        <td data-label="fires over">{formatValue(alert.threshold)}</td>
        <td data-label="since">{sinceOf(alert, nowMs)}</td>
        <td data-label="owner">
          <Owner owner={alert.owner} />
        </td>
        <td data-label="runbook">
          {alert.hasRunbook ? <Link href={runbookHref(alert.alert)}>runbook</Link> : <span className="bad">! none</span>}
        </td>
      </tr>
      {isOpen ? (
        <tr className="rule-detail-row" id={`rule-${alert.id}`}>
          <td colSpan={COLUMNS.length}>
            <RuleDetail alert={alert} nowMs={nowMs} />
          </td>
        </tr>
      ) : null}
    </tbody>
  );
}

/** How long the oldest of its series is over the threshold. */
function sinceOf({ series }: AlertView, nowMs: number): string {
  if (series.length === 0) return '–';
  const first = Math.min(...series.map(({ since }) => Date.parse(since)));
  return formatStopwatch(nowMs - first);
}
