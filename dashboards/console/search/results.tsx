import { Link } from 'wouter';
import type { JourneySummary } from '#core';
import { FateMark } from '../parts/fate-mark.tsx';
import { formatUs } from '../words/durations.ts';
import { eventHref, searchHref } from '../words/links.ts';
import { formatFigure, NO_FIGURE } from '../words/numbers.ts';
import { spoken } from '../words/stages.ts';
import { formatTime } from '../words/times.ts';

const COLUMNS = ['event', 'event time', 'fate', 'entity', 'score', 'decision or reason', 'outcome', 'end to end'] as const;

/** A line an event; where it is narrow, each becomes a card. */
export function Results({ items }: { readonly items: readonly JourneySummary[] }) {
  return (
    <table className="grid results">
      <thead>
        <tr>
          {COLUMNS.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => (
          <ResultRow key={`${item.event.source} ${item.event.id} ${index}`} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function ResultRow({ item }: { readonly item: JourneySummary }) {
  const { event, fate, entity, score, model, decision, reason, label, endToEndUs, isBreach } = item;
  return (
    <tr>
      <th scope="row" className="results-event">
        <Link href={eventHref(event)}>{event.id}</Link>
        <small>{`${event.type} · ${event.source}`}</small>
      </th>
      <td className="results-time">
        <time dateTime={event.time}>{formatTime(event.time)}</time>
      </td>
      <td className="results-fate">
        <FateMark fate={fate} />
      </td>
      <td className={`results-entity${noneIf(entity)}`}>
        {entity === null ? NO_FIGURE : <Link href={searchHref({ entity: entity.value })}>{entity.value}</Link>}
      </td>
      <td className={`results-score${noneIf(score)}`}>
        {score === null ? (
          NO_FIGURE
        ) : (
          <>
            <span className="mini-scale" aria-hidden="true">
              <span style={{ left: `${100 * score}%` }} />
            </span>
            {formatFigure(score)}
            {model === null ? null : <small>{`v${model.version}`}</small>}
          </>
        )}
      </td>
      <td className={`results-why${noneIf(decision ?? reason)}`}>
        {decision === null ? (reason ?? NO_FIGURE) : spoken(decision)}
      </td>
      <td className={`results-outcome${hasOutcome(fate) ? '' : ' is-none'}`}>{labelWord(label, fate)}</td>
      <td className={`results-latency${noneIf(endToEndUs)}`}>
        {latencyWord(item)}
        {isBreach && endToEndUs !== null ? <strong className="bad"> × breach</strong> : null}
      </td>
    </tr>
  );
}

/** Marks a cell that holds nothing: cards leave it out. */
function noneIf(value: unknown): string {
  return value === null ? ' is-none' : '';
}

function hasOutcome(fate: JourneySummary['fate']): boolean {
  return fate === 'scored' || fate === 'collecting';
}

function labelWord(label: 0 | 1 | null, fate: JourneySummary['fate']): string {
  if (label !== null) return label === 1 ? '+ positive' : '− negative';
  return hasOutcome(fate) ? '○ open' : NO_FIGURE;
}

/** A backlog event has no end to end that would say anything. */
function latencyWord({ endToEndUs, replay }: JourneySummary): string {
  return endToEndUs === null && replay ? NO_FIGURE : formatUs(endToEndUs);
}
