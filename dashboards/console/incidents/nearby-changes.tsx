import { Link } from 'wouter';
import type { IncidentAnswer } from '#core';
import { changeHref, kindOf } from '../overview/change-marks.ts';
import { ChangeSign } from '../overview/change-sign.tsx';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { fromStart } from '../words/incidents.ts';
import { plural } from '../words/numbers.ts';
import { spoken } from '../words/stages.ts';
import { formatTime } from '../words/times.ts';
import { AROUND_MINUTES, type NearbyMark, nearbyMarks } from './nearby-marks.ts';

const TICKS = [-30, -20, -10, 0, 10, 20, 30] as const;

/** What changed around the start: what touches the pathway above the line, what does not below it. */
export function NearbyChanges({ changes, diagnosis }: Pick<IncidentAnswer, 'changes' | 'diagnosis'>) {
  const marks = nearbyMarks(changes, diagnosis?.verdict === 'found' ? diagnosis.hypotheses[0] : undefined);
  const touching = marks.filter(({ nearby }) => nearby.touches).length;
  const aside =
    marks.length === 0
      ? undefined
      : `${touching} of ${plural(marks.length, 'change')} ${touching === 1 ? 'touches' : 'touch'} the pathway`;
  return (
    <Card title={`What changed within ${AROUND_MINUTES} minutes`} aside={aside} className="nearby">
      {marks.length === 0 ? (
        <Empty>{withoutChanges(diagnosis)}</Empty>
      ) : (
        <>
          <Axis marks={marks} />
          <ol className="nearby-list">
            {marks.map((mark) => (
              <NearbyItem key={mark.key} mark={mark} />
            ))}
          </ol>
        </>
      )}
    </Card>
  );
}

function Axis({ marks }: { readonly marks: readonly NearbyMark[] }) {
  return (
    <div className="nearby-axis" aria-hidden="true">
      <span className="nearby-lane-name">on the pathway</span>
      <span className="nearby-lane-name is-below">elsewhere</span>
      <div className="nearby-track">
        {TICKS.map((minutes) => (
          <span
            key={minutes}
            className={minutes === 0 ? 'nearby-start' : 'nearby-tick'}
            style={{ left: `${50 + (50 * minutes) / AROUND_MINUTES}%` }}
          >
            <span>{minutes === 0 ? 'first bad event' : `${minutes > 0 ? '+' : '−'}${Math.abs(minutes)}\u202fmin`}</span>
          </span>
        ))}
        {marks.map(({ key, nearby, left, isSuspect }) => (
          <span
            key={key}
            className={`nearby-mark${nearby.touches ? '' : ' is-decoy'}${isSuspect ? ' is-suspect' : ''}`}
            style={{ left: `${left}%` }}
            title={`${fromStart(nearby.minutesFromStart)}: ${nearby.change.summary}`}
          >
            <ChangeSign kind={kindOf(nearby.change)} />
          </span>
        ))}
      </div>
    </div>
  );
}

function NearbyItem({ mark: { nearby, isSuspect } }: { readonly mark: NearbyMark }) {
  const { change, minutesFromStart, touches, why } = nearby;
  const href = changeHref(change);
  return (
    <li className={touches ? '' : 'is-decoy'}>
      <span className="nearby-when">
        <strong>{fromStart(minutesFromStart)}</strong>
      </span>
      <ChangeSign kind={kindOf(change)} />
      <div>
        <p>
          <strong>{spoken(change.kind)}</strong>{' '}
          {href === undefined ? <code>{change.subject}</code> : <Link href={href}>{change.subject}</Link>}{' '}
          {isSuspect ? <span className="tag tag-suspect">suspect</span> : null}
          {touches ? null : <span className="tag">not on the pathway</span>}
        </p>
        <p>{change.summary}</p>
        <p className="soft">{why}</p>
        <p className="fine">{`${formatTime(change.recordedAt)} · by ${change.actor}`}</p>
      </div>
    </li>
  );
}

function withoutChanges(diagnosis: IncidentAnswer['diagnosis']): string {
  if (diagnosis === null) return 'Not looked up yet.';
  if (diagnosis.problems.length > 0) return 'None is known; the store was not there to be asked.';
  return 'Nothing was changed around its start: no deploy, no contract, no model, no setting that anybody told.';
}
