import type { Choice } from './choices.ts';

interface CommandListProps {
  readonly id: string;
  readonly isOpen: boolean;
  readonly choices: readonly Choice[];
  readonly active: number;
  /** A sentence above the choices. */
  readonly note: string | undefined;
  readonly onChoose: (href: string) => void;
}

const KINDS: Readonly<Record<Choice['kind'], string>> = {
  event: 'event',
  entity: 'entity',
  trace: 'trace',
  model: 'model',
  job: 'drift',
  incident: 'incident',
  alert: 'alert',
  runbook: 'runbook',
  team: 'team',
  place: 'go to',
};

export function CommandList({ id, isOpen, choices, active, note, onChoose }: CommandListProps) {
  return (
    <div className="command-popup" hidden={!isOpen}>
      {note === undefined ? null : (
        <p className="command-note" role="status">
          {note}
        </p>
      )}
      <ul id={id} role="listbox" aria-label="Found">
        {(isOpen ? choices : []).map((choice, index) => (
          <li
            key={choice.href}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(choice.href);
            }}
          >
            <span className="command-kind">{KINDS[choice.kind]}</span>
            <span className="command-title">{choice.title}</span>
            <span className="command-detail">{choice.detail}</span>
          </li>
        ))}
      </ul>
      <p className="command-keys" aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Enter</kbd> open · <kbd>Esc</kbd> close
      </p>
    </div>
  );
}
