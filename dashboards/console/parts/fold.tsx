import type { ReactNode } from 'react';
import { openIn, toggled } from './open-ids.ts';
import { useSearchState } from './search-state.ts';

interface FoldProps {
  /** The parameter of the address that lists what is open, and what this one is called in it. */
  readonly name: string;
  readonly id: string;
  readonly summary: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Something that unfolds, open or not by the address. What is folded is not drawn. */
export function Fold({ name, id, summary, className = '', children }: FoldProps) {
  const [parameter, setParameter] = useSearchState(name);
  const isOpen = openIn(parameter).includes(id);
  return (
    <details className={`fold ${className}`} open={isOpen}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          setParameter(toggled(parameter, id));
        }}
      >
        {summary}
      </summary>
      {isOpen ? <div className="fold-body">{children}</div> : null}
    </details>
  );
}
