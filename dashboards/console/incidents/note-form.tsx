import { useRef } from 'react';
import type { IncidentNote, IncidentSummary } from '#core';
import { ActorField, rememberActor } from './actor-field.tsx';
import { FormEnd, type FormState } from './form-end.tsx';

interface NoteFormProps extends FormState {
  readonly incident: IncidentSummary;
  readonly action: 'acknowledge' | 'resolve';
  readonly onSubmit: (note: Pick<IncidentNote, 'actor' | 'note'>) => void;
}

const MAX_NOTE = 2_000;

/** Of acknowledging and of resolving: who, and what they want to say. */
export function NoteForm({ incident, action, onSubmit, ...form }: NoteFormProps) {
  const actor = useRef<HTMLInputElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    const name = actor.current?.value.trim() ?? '';
    const said = note.current?.value.trim() ?? '';
    rememberActor(name);
    onSubmit({ actor: name, ...(said === '' ? {} : { note: said }) });
  };
  return (
    <form onSubmit={submit} className="dialog-form">
      <ActorField field={actor} />
      <label className="field">
        <span>{action === 'resolve' ? 'what ended it (optional)' : 'a note for the others (optional)'}</span>
        <textarea ref={note} rows={2} maxLength={MAX_NOTE} />
      </label>
      <p className="soft">{whatFollows(incident, action)}</p>
      <FormEnd {...form} submit={action === 'resolve' ? 'Resolve' : 'Acknowledge'} />
    </form>
  );
}

function whatFollows({ endsAt }: IncidentSummary, action: NoteFormProps['action']): string {
  if (action === 'acknowledge')
    return 'Everyone sees that you are on it. The alert goes on until what it measures is back within its limit.';
  return endsAt === null
    ? 'Its alert still fires: resolving by hand closes the incident, not the alert. It stands in the audit trail with your name.'
    : 'Its alert is over. The incident is closed, with your name in its audit trail.';
}
