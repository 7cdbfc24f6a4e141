import { ApiProblem } from '../api/client.ts';
import { Note } from '../parts/notes.tsx';

/** What all forms of the dialog are given. */
export interface FormState {
  readonly isSending: boolean;
  readonly error: Error | undefined;
  readonly onCancel: () => void;
}

interface FormEndProps extends FormState {
  readonly submit: string;
}

/** What went wrong, and the buttons. */
export function FormEnd({ error, isSending, onCancel, submit }: FormEndProps) {
  return (
    <>
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
        <button type="submit" className="button button-large button-primary" disabled={isSending}>
          {isSending ? 'Sending …' : submit}
        </button>
      </p>
    </>
  );
}
