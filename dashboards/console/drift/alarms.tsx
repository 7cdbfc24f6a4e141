import { Link } from 'wouter';
import type { DriftAlarmView, DriftAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { METHODS, outcomeWord } from '../words/governance.ts';
import { driftHref, modelHref } from '../words/links.ts';
import { formatLongDay, formatWindow } from '../words/times.ts';

/** So many stand open; what is older is a press away. */
const SHOWN = 12;

/** Alarms, newest first, each with what followed from it. */
export function Alarms({ answer }: { readonly answer: DriftAnswer }) {
  const older = answer.alarms.slice(SHOWN);
  return (
    <Card title="Alarms and what followed" aside="newest first" className="alarms">
      {answer.alarms.length === 0 ? (
        <Empty>No measure has been over its limit for as many windows in a row as the job asks for.</Empty>
      ) : null}
      <AlarmList answer={answer} alarms={answer.alarms.slice(0, SHOWN)} />
      {older.length === 0 ? null : (
        <details className="older-alarms">
          <summary>{`${older.length} older alarms`}</summary>
          <AlarmList answer={answer} alarms={older} />
        </details>
      )}
    </Card>
  );
}

function AlarmList({ answer, alarms }: { readonly answer: DriftAnswer; readonly alarms: DriftAnswer['alarms'] }) {
  return (
    <ol>
      {alarms.map((alarm) => (
        <AlarmRow key={`${alarm.target} ${alarm.method} ${alarm.window.to}`} answer={answer} alarm={alarm} />
      ))}
    </ol>
  );
}

function AlarmRow({ answer: { job, model }, alarm }: { readonly answer: DriftAnswer; readonly alarm: DriftAlarmView }) {
  const { target, method, window, summary, endedAt } = alarm;
  return (
    <li className={endedAt === null ? 'is-on' : ''}>
      <div className="alarm-when">
        <time dateTime={window.to}>{formatLongDay(window.to)}</time>
        <small>{endedAt === null ? <strong className="bad">! goes on</strong> : `until ${formatLongDay(endedAt)}`}</small>
      </div>
      <div className="alarm-what">
        <Link href={driftHref(job, { target, to: window.to })} className="alarm-target">
          {target}
        </Link>{' '}
        <span className="tag">{METHODS[method].name}</span>
        <p className="soft">{summary}</p>
        <p className="fine">{`window ${formatWindow(window)}`}</p>
      </div>
      <Followed model={model} alarm={alarm} />
    </li>
  );
}

function Followed({ model, alarm: { requestId, version, outcome } }: { readonly model: string; readonly alarm: DriftAlarmView }) {
  if (requestId === null) return <p className="followed soft">no training followed</p>;
  return (
    <ol className="followed" aria-label="What followed">
      <li>
        <Link href={modelHref(model, { request: requestId })}>training asked for</Link>
      </li>
      {version === null ? null : (
        <li>
          <Link href={modelHref(model, { version })}>{`v${version}`}</Link>
        </li>
      )}
      <li>
        <strong>{outcomeWord(outcome)}</strong>
      </li>
    </ol>
  );
}
