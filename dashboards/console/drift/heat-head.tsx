import type { DriftAnswer } from '#core';
import { formatShortDay } from '../words/times.ts';

interface Group {
  readonly key: string;
  readonly label: string;
  readonly span: number;
}

/** Windows that follow each other and have the same label, as one head. */
function grouped(windows: DriftAnswer['windows'], labelOf: (window: DriftAnswer['windows'][number]) => string): readonly Group[] {
  const groups: { key: string; label: string; span: number }[] = [];
  for (const window of windows) {
    const label = labelOf(window);
    const last = groups.at(-1);
    if (last?.label === label) last.span += 1;
    else groups.push({ key: `${label} ${window.to}`, label, span: 1 });
  }
  return groups;
}

/** A label wants this many columns. */
const LABEL_COLUMNS = 2;

/** Two lines of heads: which version decided, and the month in which a window ends. */
export function HeatHead({ windows }: { readonly windows: DriftAnswer['windows'] }) {
  return (
    <thead>
      <tr className="heat-versions">
        <th scope="col">decided by</th>
        {grouped(windows, ({ version }) => `v${version}`).map(({ key, label, span }) => (
          <th key={key} scope="colgroup" colSpan={span} className="is-rule">
            {label}
          </th>
        ))}
      </tr>
      <tr className="heat-months">
        <th scope="col">window ends in</th>
        {grouped(windows, ({ to }) => formatShortDay(to).split(' ')[1] ?? '').map(({ key, label, span }) => (
          <th key={key} scope="colgroup" colSpan={span}>
            {span < LABEL_COLUMNS ? <span className="visually-hidden">{label}</span> : label}
          </th>
        ))}
      </tr>
    </thead>
  );
}
