import type { ReactNode } from 'react';

/**
 * done: the event went through · stopped: it ends here, and why · open: not settled yet · ahead: never reached.
 */
export type StationState = 'done' | 'stopped' | 'open' | 'ahead';

export interface Station {
  readonly name: string;
  readonly state: StationState;
  readonly title: ReactNode;
  readonly body: ReactNode;
  /** How long it took to the next station. */
  readonly leg?: string;
}

const STATE_WORDS: Readonly<Record<StationState, string>> = {
  done: 'passed',
  stopped: 'ends here',
  open: 'open',
  ahead: 'not reached',
};

const NODES: Readonly<Record<StationState, ReactNode>> = {
  done: <circle cx="12" cy="12" r="8" className="node-done" />,
  stopped: (
    <g className="node-stopped">
      <rect x="3" y="3" width="18" height="18" rx="2" />
      <path d="M8 8l8 8M16 8l-8 8" />
    </g>
  ),
  open: <circle cx="12" cy="12" r="8" className="node-open" />,
  ahead: <circle cx="12" cy="12" r="4" className="node-ahead" />,
};

/** The way of one event, read left to right (top to bottom where it is narrow): the line that the product is named after. */
export function Line({ stations }: { readonly stations: readonly Station[] }) {
  return (
    <ol className="line" aria-label="The way of the event" style={{ '--stations': String(stations.length) }}>
      {stations.map(({ name, state, title, body, leg }) => (
        <li key={name} className={`station is-${state}`}>
          <svg className="node" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            {NODES[state]}
          </svg>
          {leg === undefined ? null : <span className="leg">{leg}</span>}
          <div className="station-text">
            <h2>
              {name}
              <span className="visually-hidden">{`, ${STATE_WORDS[state]}`}</span>
            </h2>
            <div className="station-title">{title}</div>
            <div className="station-body">{body}</div>
          </div>
        </li>
      ))}
    </ol>
  );
}
