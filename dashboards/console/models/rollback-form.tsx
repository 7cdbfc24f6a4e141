import { useId, useRef } from 'react';
import type { ModelAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import { Note } from '../parts/notes.tsx';
import { formatFigure } from '../words/numbers.ts';
import { formatShortDay } from '../words/times.ts';
import { findVersion } from './line-facts.ts';
import { heldOut } from './training-figures.ts';

interface RollbackFormProps {
  readonly answer: ModelAnswer;
  readonly to: number;
  readonly isSending: boolean;
  readonly error: Error | undefined;
  readonly onChoose: (version: string) => void;
  readonly onCancel: () => void;
  readonly onSubmit: (request: { readonly reason: string; readonly actor: string }) => void;
}

const MIN_REASON = 3;
const MAX_REASON = 500;
const MAX_ACTOR = 100;

export function RollbackForm({ answer, to, isSending, error, onChoose, onCancel, onSubmit }: RollbackFormProps) {
  const reason = useRef<HTMLTextAreaElement>(null);
  const actor = useRef<HTMLInputElement>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    onSubmit({ reason: reason.current?.value.trim() ?? '', actor: actor.current?.value.trim() ?? '' });
  };
  return (
    <form onSubmit={submit} className="dialog-form">
      <Targets answer={answer} to={to} onChoose={onChoose} />
      <label className="field">
        <span>why (kept for good, and shown to everyone)</span>
        <textarea ref={reason} rows={2} required minLength={MIN_REASON} maxLength={MAX_REASON} autoFocus />
      </label>
      <label className="field">
        <span>who does it</span>
        <input ref={actor} type="text" required maxLength={MAX_ACTOR} autoComplete="username" />
      </label>
      <WhatHappens answer={answer} to={to} />
      {error === undefined ? null : (
        <Note kind="problem">
          <p>{error.message}</p>
          {error instanceof ApiProblem ? <code>{error.code}</code> : null}
        </Note>
      )}
      <p className="dialog-actions">
        <button type="button" className="button button-large" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-large button-danger" disabled={isSending}>
          {isSending ? 'Rolling back …' : `Roll back to v${to}`}
        </button>
      </p>
    </form>
  );
}

type TargetsProps = Pick<RollbackFormProps, 'answer' | 'to' | 'onChoose'>;

function Targets({ answer, to, onChoose }: TargetsProps) {
  const group = useId();
  return (
    <fieldset className="targets">
      <legend>to which version</legend>
      {answer.rollbackTo.map((version) => {
        const view = findVersion(answer, version);
        const last = view?.live.at(-1);
        const auc = view === undefined ? null : heldOut(view.metrics, 'Auc');
        return (
          <label key={version} className={version === to ? 'is-chosen' : ''}>
            <input
              type="radio"
              name={group}
              value={version}
              checked={version === to}
              onChange={() => onChoose(String(version))}
            />
            <strong>{`v${version}`}</strong>
            <span className="soft">
              {last === undefined
                ? ''
                : `decided last ${formatShortDay(last.from)} – ${last.to === null ? 'now' : formatShortDay(last.to)}`}
              {auc === null ? '' : `; held-out AUC ${formatFigure(auc)}`}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

function WhatHappens({ answer: { liveVersion, pipeline }, to }: Pick<RollbackFormProps, 'answer' | 'to'>) {
  return (
    <div className="what-happens">
      <h3>What happens</h3>
      <ul>
        <li>{`Pipeline ${pipeline} stops for a moment behind the events that it is reading; every event after that is decided by v${to}.`}</li>
        <li>{`What v${liveVersion ?? ''} has decided stays as it is; its decisions and their outcomes remain in the figures.`}</li>
        <li>{`v${liveVersion ?? ''} is marked as rolled back, with your reason and your name.`}</li>
      </ul>
    </div>
  );
}
