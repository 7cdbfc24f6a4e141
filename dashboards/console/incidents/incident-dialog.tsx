import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { IncidentAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import { declareCause, noteIncident } from '../api/operations.ts';
import { useModal } from '../parts/modal.ts';
import { CauseForm } from './cause-form.tsx';
import type { FormState } from './form-end.tsx';
import { NoteForm } from './note-form.tsx';

/** What a person can say to an incident. */
export const ACTIONS = {
  acknowledge: { button: 'Acknowledge', title: 'Acknowledge: I am on it', done: 'Acknowledged.' },
  cause: { button: 'Declare cause', title: 'Declare the cause', done: 'The cause is declared.' },
  resolve: { button: 'Resolve', title: 'Resolve the incident', done: 'Resolved.' },
} as const;
export type ActionName = keyof typeof ACTIONS;

export function isAction(text: string): text is ActionName {
  return text in ACTIONS;
}

interface IncidentDialogProps {
  readonly answer: IncidentAnswer;
  readonly action: ActionName;
  readonly onClose: () => void;
  /** With a sentence of what was done. */
  readonly onDone: (sentence: string) => void;
}

const TITLE_ID = 'incident-dialog-title';
const UNKNOWN = {
  code: 'CONSOLE_UNEXPECTED',
  message: 'This could not be sent. Nothing is known to have changed.',
  status: 0,
};

/** Asks who says so and what, sends it, and closes once the server has it; what fails is told and what was typed stays. */
export function IncidentDialog({ answer, action, onClose, onDone }: IncidentDialogProps) {
  const dialog = useModal();
  const client = useQueryClient();
  const [progress, setProgress] = useState<{ readonly isSending: boolean; readonly error?: Error }>({ isSending: false });
  // It goes on speaking of the incident that it was opened for.
  const [subject] = useState(answer);
  const { fingerprint, startsAt } = subject.incident;
  const close = (): void => dialog.current?.close();
  const send = async (sending: Promise<void>): Promise<void> => {
    setProgress({ isSending: true });
    try {
      await sending;
    } catch (error) {
      setProgress({ isSending: false, error: error instanceof Error ? error : new ApiProblem(UNKNOWN) });
      return;
    }
    await client.invalidateQueries();
    close();
    onDone(ACTIONS[action].done);
  };
  const submit = (sending: Promise<void>): void => {
    send(sending).catch(() => undefined);
  };
  const form: FormState = { isSending: progress.isSending, error: progress.error, onCancel: close };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={TITLE_ID} onClose={onClose}>
      <h2 id={TITLE_ID}>{ACTIONS[action].title}</h2>
      <p className="dialog-subject soft">{subject.incident.summary}</p>
      {action === 'cause' ? (
        <CauseForm
          {...form}
          answer={subject}
          onSubmit={(declaration) => submit(declareCause(fingerprint, { ...declaration, startsAt }))}
        />
      ) : (
        <NoteForm
          {...form}
          incident={subject.incident}
          action={action}
          onSubmit={(note) => submit(noteIncident(fingerprint, { action, note: { ...note, startsAt } }))}
        />
      )}
    </dialog>
  );
}
