import { useEffect, useRef, useState } from 'react';
import type { DriftAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { METHODS } from '../words/governance.ts';
import { formatWindow } from '../words/times.ts';
import type { CellState } from './cell-state.ts';
import { type Place, stepped } from './grid-steps.ts';
import { HeatHead } from './heat-head.tsx';
import { measureWords } from './measure-words.ts';
import { type Cell, cellOf, isView, type Step, VIEWS, type View } from './strength.ts';

interface HeatMapProps {
  readonly answer: DriftAnswer;
  readonly cell: CellState;
}

/** Features, score and outcome by windows: each cell how strong its measure is against its limit. Arrows walk, Enter opens. */
export function HeatMap({ answer, cell }: HeatMapProps) {
  const [method, setMethod] = useSearchState('method');
  const view: View = isView(method) ? method : 'all';
  return (
    <Card title="Features by windows" aside="each cell: the measure against its limit" className="heat">
      <div className="segments" role="group" aria-label="Measure of the cells">
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === view}
            onClick={() => setMethod(name === 'all' ? undefined : name)}
          >
            {name === 'all' ? 'strongest' : METHODS[name].name}
          </button>
        ))}
        <span className="fine">{view === 'all' ? 'the strongest of all measures' : METHODS[view].meaning}</span>
      </div>
      <Grid answer={answer} cell={cell} view={view} />
      <Legend />
      {cell.row === undefined ? (
        <p className="cell-hint soft">
          Choose a cell for its distribution and its measures: with the pointer, or with the arrow keys and Enter.
        </p>
      ) : null}
    </Card>
  );
}

function Grid({ answer, cell, view }: HeatMapProps & { readonly view: View }) {
  const { windows, targets } = answer;
  const table = useRef<HTMLTableElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => showColumn(scroll.current), [cell.column]);
  const [place, setPlace] = useState<Place>([cell.row ?? 0, cell.column ?? windows.length - 1]);
  const walk = (event: KeyboardEvent): void => {
    const next = stepped(event, place, [targets.length, windows.length]);
    if (next === undefined) return;
    event.preventDefault();
    setPlace(next);
    const target = table.current?.querySelector<HTMLButtonElement>(`[data-cell="${next[0]}-${next[1]}"]`);
    target?.focus();
  };
  return (
    <div ref={scroll} className="heat-scroll scroll">
      <table
        ref={table}
        className="heat-table"
        role="grid"
        aria-label="Drift of features, score and outcome, by window"
        onKeyDown={walk}
      >
        <HeatHead windows={windows} />
        <tbody>
          {targets.map(({ target, kind, cells }, row) => (
            <tr
              key={target}
              className={`heat-${kind}${row === cell.row ? ' is-open' : ''}${isFirstOfKind(targets, row) ? ' is-first' : ''}`}
            >
              <th scope="row">
                <TargetName target={target} />
              </th>
              {windows.map((window, column) => (
                <HeatCell
                  key={window.to}
                  name={`${target}, ${formatWindow(window)}`}
                  cell={cellOf(cells[column], view)}
                  id={`${row}-${column}`}
                  isRule={column === 0 || windows[column - 1]?.version !== window.version}
                  isOpen={row === cell.row && column === cell.column}
                  isFocusable={row === place[0] && column === place[1]}
                  onOpen={() => {
                    setPlace([row, column]);
                    cell.open(row, column);
                  }}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where there is no room for all windows: the open one is brought into the middle, or the newest into view. */
function showColumn(scroll: HTMLElement | null): void {
  if (scroll === null || scroll.scrollWidth <= scroll.clientWidth) return;
  const open = scroll.querySelector<HTMLElement>('[aria-selected="true"]');
  scroll.scrollTo({ left: open === null ? scroll.scrollWidth : open.offsetLeft - scroll.clientWidth / 2 });
}

function isFirstOfKind(targets: DriftAnswer['targets'], row: number): boolean {
  return row > 0 && targets[row - 1]?.kind !== targets[row]?.kind;
}

function TargetName({ target }: { readonly target: string }) {
  const point = target.indexOf('.');
  if (point < 0) return <strong>{target}</strong>;
  return (
    <span title={target}>
      <span className="soft heat-view">{target.slice(0, point + 1)}</span>
      {target.slice(point + 1)}
    </span>
  );
}

interface HeatCellProps {
  readonly name: string;
  readonly cell: Cell;
  readonly id: string;
  readonly isRule: boolean;
  readonly isOpen: boolean;
  readonly isFocusable: boolean;
  readonly onOpen: () => void;
}

function HeatCell({ name, cell: { step, measure }, id, isRule, isOpen, isFocusable, onOpen }: HeatCellProps) {
  const words = `${name}: ${measure === undefined ? 'not measured' : measureWords(measure)}`;
  return (
    <td role="gridcell" className={isRule ? 'is-rule' : ''} aria-selected={isOpen}>
      <button
        type="button"
        data-cell={id}
        tabIndex={isFocusable ? 0 : -1}
        className={`heat-cell heat-step-${step}`}
        title={words}
        aria-label={words}
        onClick={onOpen}
      >
        {step === 'alarm' ? '!' : null}
      </button>
    </td>
  );
}

const LEGEND: readonly { readonly step: Step; readonly name: string }[] = [
  { step: 0, name: 'up to ¼ of the limit' },
  { step: 1, name: '½' },
  { step: 2, name: '¾' },
  { step: 3, name: 'the limit' },
  { step: 'over', name: 'over, may be chance' },
  { step: 'breach', name: 'over the limit' },
  { step: 'alarm', name: 'alarm: windows in a row' },
  { step: 'na', name: 'not computable' },
  { step: 'none', name: 'not measured' },
];

function Legend() {
  return (
    <ul className="legend" aria-label="Signs of the cells">
      {LEGEND.map(({ step, name }) => (
        <li key={name}>
          <span className={`heat-cell heat-step-${step}`} aria-hidden="true">
            {step === 'alarm' ? '!' : ''}
          </span>
          {name}
        </li>
      ))}
      <li>
        <span className="legend-rule" aria-hidden="true" />
        another version decides
      </li>
    </ul>
  );
}
