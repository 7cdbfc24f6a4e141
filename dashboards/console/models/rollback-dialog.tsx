import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ModelAnswer, RollbackAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import { rollBack } from '../api/governance.ts';
import { useModal } from '../parts/modal.ts';
import { RollbackForm } from './rollback-form.tsx';

export interface RollbackDialogProps {
  readonly answer: ModelAnswer;
  /** The version that the address names. */
  readonly asked: number;
  readonly onClose: () => void;
  readonly onChoose: (version: string) => void;
}

type Progress =
  | { readonly state: 'asking' }
  | { readonly state: 'sending' }
  | { readonly state: 'done'; readonly answer: RollbackAnswer }
  | { readonly state: 'failed'; readonly error: Error };

const TITLE_ID = 'rollback-title';

/** Takes the live version back by hand: to which, why, and who answers for it; then what came of it. */
export function RollbackDialog({ answer, asked, onClose, onChoose }: RollbackDialogProps) {
  const dialog = useModal();
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress>({ state: 'asking' });
  // What decides changes under the open dialog once it is done: it goes on speaking of what it was opened for.
  const [subject] = useState(answer);
  const to = subject.rollbackTo.includes(asked) ? asked : (subject.rollbackTo[0] ?? asked);
  const close = (): void => dialog.current?.close();
  const submit = async (request: { readonly reason: string; readonly actor: string }): Promise<void> => {
    setProgress({ state: 'sending' });
    try {
      setProgress({ state: 'done', answer: await rollBack(subject.name, { to, ...request }) });
    } catch (error) {
      setProgress({ state: 'failed', error: error instanceof Error ? error : new ApiProblem(UNKNOWN) });
      return;
    }
    await client.invalidateQueries();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={TITLE_ID} onClose={onClose}>
      <h2 id={TITLE_ID}>{`Roll ${subject.name} back from v${subject.liveVersion ?? ''}`}</h2>
      {progress.state === 'done' ? (
        <Done answer={progress.answer} onClose={close} />
      ) : (
        <RollbackForm
          answer={subject}
          to={to}
          isSending={progress.state === 'sending'}
          error={progress.state === 'failed' ? progress.error : undefined}
          onChoose={onChoose}
          onCancel={close}
          onSubmit={(request) => {
            // What fails is shown in the dialog.
            submit(request).catch(() => undefined);
          }}
        />
      )}
    </dialog>
  );
}

const UNKNOWN = {
  code: 'CONSOLE_UNEXPECTED',
  message: 'The roll-back could not be asked for. Nothing is known to have changed.',
  status: 0,
};

function Done({ answer, onClose }: { readonly answer: RollbackAnswer; readonly onClose: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <>
      <div className="note note-done" role="status">
        <span className="note-sign" aria-hidden="true">
          ✓
        </span>
        <div className="note-text">
          <p>{answer.summary}</p>
          <p className="soft">It is recorded with its reason, and stands in the line of models from now on.</p>
        </div>
      </div>
      <p className="dialog-actions">
        <button ref={button} type="button" className="button button-large" onClick={onClose}>
          Close
        </button>
      </p>
    </>
  );
}
