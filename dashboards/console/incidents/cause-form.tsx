import { useId, useRef } from 'react';
import type { CauseDeclaration, Hypothesis, IncidentAnswer } from '#core';
import { useSearchState } from '../parts/search-state.ts';
import { CONFIDENCES } from '../words/incidents.ts';
import { ActorField, rememberActor } from './actor-field.tsx';
import { FormEnd, type FormState } from './form-end.tsx';

interface CauseFormProps extends FormState {
  readonly answer: IncidentAnswer;
  readonly onSubmit: (declaration: Pick<CauseDeclaration, 'actor' | 'cause' | 'hypothesis'>) => void;
}

const MAX_CAUSE = 2_000;
const OTHER = 'other';

/** Of declaring the cause: a hypothesis that is confirmed, or another sentence. */
export function CauseForm({ answer, onSubmit, ...form }: CauseFormProps) {
  const actor = useRef<HTMLInputElement>(null);
  const cause = useRef<HTMLTextAreaElement>(null);
  const hypotheses = answer.diagnosis?.hypotheses ?? [];
  const [asked, choose] = useSearchState('confirms');
  const chosen = asked === OTHER ? undefined : (hypotheses.find(({ rank }) => String(rank) === asked) ?? hypotheses[0]);
  const submit = (event: Event): void => {
    event.preventDefault();
    const name = actor.current?.value.trim() ?? '';
    rememberActor(name);
    onSubmit({
      actor: name,
      cause: cause.current?.value.trim() ?? '',
      ...(chosen === undefined ? {} : { hypothesis: chosen.rank }),
    });
  };
  return (
    <form onSubmit={submit} className="dialog-form">
      {hypotheses.length === 0 ? null : <Confirms hypotheses={hypotheses} chosen={chosen} onChoose={choose} />}
      <label className="field">
        <span>the cause in a sentence (kept for good, and shown to everyone)</span>
        <textarea
          key={chosen?.rank ?? 0}
          ref={cause}
          rows={3}
          required
          maxLength={MAX_CAUSE}
          defaultValue={chosen?.title ?? ''}
        />
      </label>
      <ActorField field={actor} />
      <FormEnd {...form} submit="Declare cause" />
    </form>
  );
}

interface ConfirmsProps {
  readonly hypotheses: readonly Hypothesis[];
  readonly chosen: Hypothesis | undefined;
  readonly onChoose: (rank: string) => void;
}

function Confirms({ hypotheses, chosen, onChoose }: ConfirmsProps) {
  const group = useId();
  return (
    <fieldset className="targets">
      <legend>which hypothesis it confirms</legend>
      {hypotheses.map(({ rank, title, confidence }) => (
        <label key={rank} className={rank === chosen?.rank ? 'is-chosen' : ''}>
          <input type="radio" name={group} value={rank} checked={rank === chosen?.rank} onChange={() => onChoose(String(rank))} />
          <span>{title}</span>
          <span className="soft">{CONFIDENCES[confidence].name}</span>
        </label>
      ))}
      <label className={chosen === undefined ? 'is-chosen' : ''}>
        <input type="radio" name={group} value={OTHER} checked={chosen === undefined} onChange={() => onChoose(OTHER)} />
        <span>none of them: something else</span>
      </label>
    </fieldset>
  );
}
