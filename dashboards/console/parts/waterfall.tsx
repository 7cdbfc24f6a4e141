import { useRef } from 'react';
import { Link } from 'wouter';
import type { Span } from '#core';
import { formatUs } from '../words/durations.ts';
import { traceHref } from '../words/links.ts';
import { plural } from '../words/numbers.ts';
import { Empty } from './notes.tsx';
import { useSearchState } from './search-state.ts';
import { type SpanRow, spanRows } from './span-rows.ts';

/** A span narrower than this share of the trace is still seen. */
const LEAST_PERCENT = 0.35;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The spans of a trace over time. Arrow keys walk, Enter opens a span; the open one is in the URL (?span=). */
export function Waterfall({ spans }: { readonly spans: readonly Span[] }) {
  const list = useRef<HTMLOListElement>(null);
  const [open, setOpen] = useSearchState('span');
  if (spans.length === 0) {
    return (
      <Empty>
        No spans were kept. Kept are those of errors, breaches and quarantined events, up to a limit a minute, and of a share of
        the rest.
      </Empty>
    );
  }
  const { rows, totalUs } = spanRows(spans);
  const walk = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    buttons[at + step]?.focus();
  };
  return (
    <div className="waterfall">
      <div className="waterfall-axis" aria-hidden="true">
        <span className="waterfall-axis-name">{plural(spans.length, 'span')}</span>
        <span className="waterfall-ticks">
          {TICKS.map((share) => (
            <span key={share}>{formatUs(totalUs * share)}</span>
          ))}
        </span>
      </div>
      <ol ref={list} onKeyDown={walk}>
        {rows.map((row) => (
          <SpanLine
            key={row.span.spanId}
            row={row}
            totalUs={totalUs}
            isOpen={open === row.span.spanId}
            onToggle={() => setOpen(open === row.span.spanId ? undefined : row.span.spanId)}
          />
        ))}
      </ol>
    </div>
  );
}

interface SpanLineProps {
  readonly row: SpanRow;
  readonly totalUs: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function SpanLine({ row: { span, depth, isParent }, totalUs, isOpen, onToggle }: SpanLineProps) {
  const left = (100 * span.startUs) / totalUs;
  const width = Math.max((100 * span.durationUs) / totalUs, LEAST_PERCENT);
  const isError = span.status === 'Error';
  return (
    <li className={`span${isOpen ? ' is-open' : ''}${isError ? ' is-error' : ''}`}>
      <button type="button" aria-expanded={isOpen} onClick={onToggle}>
        <span className="span-name" style={{ paddingInlineStart: `${depth * 14}px` }}>
          {isError ? <span className="span-error">error</span> : null}
          {span.name}
        </span>
        <span className="span-duration">{formatUs(span.durationUs)}</span>
        <span className="span-track" aria-hidden="true">
          <span
            className={isParent ? 'span-bar is-parent' : 'span-bar'}
            style={{ left: `${Math.min(left, 100 - LEAST_PERCENT)}%`, width: `${Math.min(width, 100 - left)}%` }}
          />
        </span>
        <span className="visually-hidden">{`begins ${formatUs(span.startUs)} into the trace`}</span>
      </button>
      {isOpen ? <SpanDetail span={span} /> : null}
    </li>
  );
}

function SpanDetail({ span }: { readonly span: Span }) {
  const facts = {
    span: span.spanId,
    service: span.service,
    kind: span.kind,
    start: span.start,
    offset: formatUs(span.startUs),
    status: [span.status, span.statusMessage].filter((text) => text !== '').join(': '),
    ...span.attributes,
  };
  return (
    <dl className="facts span-detail">
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {span.links.map(({ traceId, spanId }) => (
        <div key={spanId}>
          <dt>link</dt>
          <dd>
            <Link href={traceHref(traceId)}>{traceId}</Link>
          </dd>
        </div>
      ))}
    </dl>
  );
}
