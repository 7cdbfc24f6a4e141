import type { FastifyPluginAsync } from 'fastify';
import type { MonthlyQuality } from '#drift';
import { formatCount } from '../cli/tables.ts';
import { FATE_WORDS } from '../fate-words.ts';
import type { LineProgress } from '../line.ts';
import { qualityCells } from '../quality-cells.ts';
import type { ServerDeps } from './deps.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b2430, #e4e9f0); --soft: light-dark(#5b6877, #98a5b5);
  --line: light-dark(#d9dfe6, #2e3947); --bar: light-dark(#2f6f9f, #6db1e0); --ground: light-dark(#fbfcfd, #12181f); }
body { margin: 0 auto; padding: 2.5rem 1.25rem; max-width: 54rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 2.25rem 0 .5rem; font-size: 1.05rem; }
p { margin: .25rem 0 1rem; color: var(--soft); } a { color: var(--bar); } code { font-size: .9em; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: .35rem 0 .35rem 1rem; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400; white-space: nowrap; }
td:first-child, th:first-child { padding-left: 0; text-align: left; white-space: normal; }
table:has(thead) td:first-child { white-space: nowrap; }
thead th { color: var(--soft); font-size: .85rem; } tfoot td, tfoot th { font-weight: 600; border-bottom: 0; }
ul { margin: 0; padding-left: 1.1rem; } small { display: block; color: var(--soft); }
`;

/** A first page for people, made on the server: where the line stands. It reloads itself while the replay runs. */
export const homePage: FastifyPluginAsync<ServerDeps> = async (server, { line, workspaceName }) => {
  server.get('/', async (_request, reply) => {
    const progress = line.progress();
    const quality = progress.isReplayDone ? await line.quality() : undefined;
    return reply.type('text/html; charset=utf-8').send(page(progress, { workspaceName, quality }));
  });
};

function page(
  progress: LineProgress,
  more: { readonly workspaceName: string; readonly quality: MonthlyQuality | undefined },
): string {
  const { eventTimeMs, eventsRead, isReplayDone, happenings, outcomes, reasons } = progress;
  const name = escapeHtml(more.workspaceName);
  const date = eventTimeMs === undefined ? 'not begun' : new Date(eventTimeMs).toISOString().slice(0, 10);
  const news = happenings.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${isReplayDone ? '' : '<meta http-equiv="refresh" content="2">'}<title>Throughline · ${name}</title><style>${STYLE}</style></head><body>
<h1>Throughline</h1><p>Workspace ${name} · ${isReplayDone ? `the replay is done, up to ${date}` : `replaying: ${date}`} · ${formatCount(eventsRead)} events read</p>
<h2>What became of each event</h2>${table({ rows: fateRows(progress), foot: ['all events read', formatCount(eventsRead)] })}
<h2>Why events are in quarantine</h2>${table({ rows: countRows(reasons) })}
${more.quality === undefined ? '' : qualitySection(more.quality)}
<h2>Outcomes</h2>${table({ rows: countRows(outcomes) })}
${news === '' ? '' : `<h2>What happened, newest first</h2><ul>${news}</ul>`}
<h2>As JSON</h2><p><a href="/api/health"><code>/api/health</code></a> · <a href="/api/fates"><code>/api/fates</code></a> · <a href="/api/quality"><code>/api/quality</code></a></p>
</body></html>`;
}

function qualitySection({ months, total }: MonthlyQuality): string {
  const head = ['month', 'scored', 'outcome final', 'base rate', 'AUC', 'log loss', 'accuracy', 'calibration error'];
  const rows = months.map(({ month, ...row }) => [month, ...qualityCells(row)]);
  return `<h2>Quality by month of the scored event</h2><p>Over the events whose horizon has passed.</p>${table({ head, rows, foot: ['all', ...qualityCells(total)] })}`;
}

function fateRows({ fates }: LineProgress): string[][] {
  return Object.entries(FATE_WORDS)
    .map(([fate, words]) => ({ ...words, count: fates[fate as keyof typeof fates] }))
    .filter(({ count }) => count > 0)
    .map(({ name, meaning, count }) => [`${name}<small>${meaning}</small>`, formatCount(count)]);
}

function countRows(counts: Readonly<Record<string, number>>): string[][] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, left], [, right]) => right - left)
    .map(([name, count]) => [escapeHtml(name), formatCount(count)]);
}

/** Cells are HTML. */
function table({
  head,
  rows,
  foot,
}: {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly foot?: readonly string[];
}): string {
  if (rows.length === 0) return '<p>none yet</p>';
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  const header = head === undefined ? '' : `<thead>${line(head, 'th')}</thead>`;
  const footer = foot === undefined ? '' : `<tfoot>${line(foot, 'td')}</tfoot>`;
  return `<div class="scroll"><table>${header}<tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody>${footer}</table></div>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
