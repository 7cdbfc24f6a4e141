import { CopyButton } from './copy-button.tsx';

interface QueryTextProps {
  readonly text: string;
  /** SQL, PromQL, a command: what is copied. */
  readonly what: string;
}

/** A text to run elsewhere, whole, with its copy button. */
export function QueryText({ text, what }: QueryTextProps) {
  return (
    <div className="query-text">
      <p className="query-head">
        <span>{what}</span>
        <CopyButton text={text} what={what} />
      </p>
      <pre tabIndex={0} aria-label={what}>
        <code>{text.trim()}</code>
      </pre>
    </div>
  );
}

/** The same, folded: for what few look at. */
export function FoldedQuery({ text, what }: QueryTextProps) {
  return (
    <details className="fold folded-query">
      <summary>{what}</summary>
      <QueryText text={text} what={what} />
    </details>
  );
}
