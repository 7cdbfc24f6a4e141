import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { ModelAnswer, TrainingView } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { CAUSES, TRAINING_OUTCOMES } from '../words/governance.ts';
import { modelHref } from '../words/links.ts';
import { formatLongDay, formatWindow } from '../words/times.ts';
import { Evidence } from './evidence.tsx';

/** Every training that was asked for, newest first: why, on what, and what came of it. The open one (?request=) is brought into view. */
export function Trainings({ answer, open }: { readonly answer: ModelAnswer; readonly open: string | undefined }) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (open !== undefined) list.current?.querySelector('.is-shown')?.scrollIntoView({ block: 'center' });
  }, [open]);
  return (
    <Card title="Trainings" aside="newest first; each carries its evidence" className="trainings">
      {answer.trainings.length === 0 ? <Empty>No training has been asked for yet.</Empty> : null}
      <ol ref={list}>
        {answer.trainings.map((training) => (
          <TrainingRow key={training.requestId} name={answer.name} training={training} isShown={training.requestId === open} />
        ))}
      </ol>
    </Card>
  );
}

interface TrainingRowProps {
  readonly name: string;
  readonly training: TrainingView;
  readonly isShown: boolean;
}

function TrainingRow({ name, training, isShown }: TrainingRowProps) {
  const { at, cause, window, outcome, version, message, coolDownUntil, requestId } = training;
  return (
    <li className={isShown ? 'is-shown' : ''} aria-current={isShown ? 'true' : undefined}>
      <div className="training-when">
        <time dateTime={at}>{formatLongDay(at)}</time>
        <small>
          <Link href={modelHref(name, { request: requestId })}>{requestId}</Link>
        </small>
      </div>
      <div className="training-why">
        <strong>{CAUSES[cause]}</strong>
        <Evidence training={training} />
        <p className="fine">
          {`on outcomes of ${formatWindow(window)}`}
          {coolDownUntil === null ? '' : `; no other before ${formatLongDay(coolDownUntil)}`}
        </p>
      </div>
      <p className={`training-outcome outcome-${outcome}`}>
        <span aria-hidden="true">{SIGNS[outcome]}</span> {TRAINING_OUTCOMES[outcome]}
        {version === null ? null : (
          <>
            {': '}
            <Link href={modelHref(name, { version })}>{`v${version}`}</Link>
          </>
        )}
        {message === null ? null : <small>{message}</small>}
      </p>
    </li>
  );
}

const SIGNS: Readonly<Record<TrainingView['outcome'], string>> = {
  pending: '…',
  refused: '×',
  in_shadow: '◐',
  promoted: '▲',
  not_promoted: '×',
};
