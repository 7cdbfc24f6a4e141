import type { Mitigation } from '#core';
import { CopyButton } from './copy-button.tsx';
import { Empty } from './notes.tsx';

/** What eases the pain: what to run, what it may break, how it is taken back. */
export function Mitigations({ mitigations }: { readonly mitigations: readonly Mitigation[] }) {
  if (mitigations.length === 0) return <Empty>The runbook knows nothing that eases it: find the cause.</Empty>;
  return (
    <ol className="mitigations">
      {mitigations.map(({ action, command, risk, undo }) => (
        <li key={action}>
          <h3>{action}</h3>
          {command === null ? null : (
            <div className="command-line">
              <code tabIndex={0} aria-label={`Command: ${action}`}>
                {command}
              </code>
              <CopyButton text={command} what={`the command: ${action}`} />
            </div>
          )}
          <dl className="pairs-inline">
            <div>
              <dt>risk</dt>
              <dd>{risk}</dd>
            </div>
            <div>
              <dt>undo</dt>
              <dd>{undo}</dd>
            </div>
          </dl>
        </li>
      ))}
    </ol>
  );
}
