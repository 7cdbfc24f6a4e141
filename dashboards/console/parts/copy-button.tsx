import { useEffect, useState } from 'react';

const CONFIRM_MS = 1_500;

type Copied = 'no' | 'yes' | 'refused';
const SAYS: Readonly<Record<Copied, string>> = { no: 'copy', yes: 'copied', refused: 'press Ctrl+C' };

/** Copies a text; says that it did, in words and for screen readers. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [copied, setCopied] = useState<Copied>('no');
  useEffect(() => {
    if (copied === 'no') return undefined;
    const timer = setTimeout(() => setCopied('no'), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('refused'),
    );
  };
  return (
    <button type="button" className="copy" onClick={copy} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{SAYS[copied]}</span>
    </button>
  );
}

/** An id in a monospaced face, whole, with its copy button. */
export function CopyableId({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <span className="copyable">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
