import { type RefObject, useEffect, useRef } from 'react';

/** Opened as a modal as long as it is there: focus stays in it, Escape closes it, and focus goes back to where it was. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return dialog;
}
