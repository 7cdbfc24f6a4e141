import type { Span } from '#core';

export interface SpanRow {
  readonly span: Span;
  readonly depth: number;
  readonly isParent: boolean;
}

/**
 * Spans in the order of a waterfall: each behind its parent, siblings by their start. A span whose parent is not among them is shown as
 * a root; a circle of parents cannot hide any. `totalUs` is never 0.
 */
export function spanRows(spans: readonly Span[]): { readonly rows: readonly SpanRow[]; readonly totalUs: number } {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const byStart = [...spans].sort((left, right) => left.startUs - right.startUs || right.durationUs - left.durationUs);
  const children = new Map<string, Span[]>();
  for (const span of byStart) {
    const parent = ids.has(span.parentSpanId) && span.parentSpanId !== span.spanId ? span.parentSpanId : '';
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const seen = new Set<string>();
  const rows: SpanRow[] = [];
  const visit = (span: Span, depth: number): void => {
    if (seen.has(span.spanId)) return;
    seen.add(span.spanId);
    rows.push({ span, depth, isParent: children.has(span.spanId) });
    for (const child of children.get(span.spanId) ?? []) visit(child, depth + 1);
  };
  for (const root of children.get('') ?? []) visit(root, 0);
  for (const span of byStart) visit(span, 0);
  return { rows, totalUs: Math.max(1, ...spans.map(({ startUs, durationUs }) => startUs + durationUs)) };
}
