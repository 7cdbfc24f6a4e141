import type { FastifyPluginAsync } from 'fastify';
import { formatCount } from '../cli/tables.ts';
import type { LineProgress } from '../line.ts';
import type { ServerDeps } from './server.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b2430, #e4e9f0); --soft: light-dark(#5b6877, #98a5b5); --line: light-dark(#d9dfe6, #2e3947);
  --bar: light-dark(#2f6f9f, #6db1e0); --ground: light-dark(#fbfcfd, #12181f); }
body { margin: 0 auto; padding: 2.5rem 1.25rem; max-width: 46rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 2.25rem 0 .5rem; font-size: 1.05rem; }
p { margin: .25rem 0 1rem; color: var(--soft); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: .35rem 0; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400; }
td + td { text-align: right; white-space: nowrap; } tfoot td, tfoot th { font-weight: 600; border-bottom: 0; }
ul { margin: 0; padding-left: 1.1rem; } code { font-size: .9em; } a { color: var(--bar); }
`;

/** A first page for people, made on the server: where the line stands. It reloads itself while the replay runs. */
export const homePage: FastifyPluginAsync<ServerDeps> = async (server, { line, workspaceName }) => {
  server.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(render(line.progress(), workspaceName)));
};

function render(progress: LineProgress, workspaceName: string): string {
  const { eventTimeMs, eventsRead, isReplayDone, happenings, outcomes } = progress;
  const date = eventTimeMs === undefined ? 'not begun' : new Date(eventTimeMs).toISOString().slice(0, 10);
  const state = isReplayDone ? `the replay is done, up to ${date}` : `replaying: ${date}`;
  const reload = isReplayDone ? '' : '<meta http-equiv="refresh" content="2">';
  const news = happenings.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${reload}<title>Throughline · ${escapeHtml(workspaceName)}</title><style>${STYLE}</style></head><body>
<h1>Throughline</h1><p>Workspace ${escapeHtml(workspaceName)} · ${state} · ${formatCount(eventsRead)} events read</p>
<h2>What became of each event</h2><table><tbody>${rows(progress.fates)}</tbody><tfoot><tr><th>events read</th><td>${formatCount(eventsRead)}</td></tr></tfoot></table>
<h2>Why events are in quarantine</h2><table><tbody>${rows(progress.reasons)}</tbody></table>
<h2>Outcomes</h2><table><tbody>${rows(outcomes)}</tbody></table>
${news === '' ? '' : `<h2>What happened</h2><ul>${news}</ul>`}
<h2>As JSON</h2><p><a href="/api/health"><code>/api/health</code></a> · <a href="/api/fates"><code>/api/fates</code></a> · <a href="/api/quality"><code>/api/quality</code></a></p>
</body></html>`;
}

function rows(counts: Readonly<Record<string, number>>): string {
  const shown = Object.entries(counts).filter(([, count]) => count > 0);
  if (shown.length === 0) return '<tr><td>none yet</td><td></td></tr>';
  return shown
    .sort(([, left], [, right]) => right - left)
    .map(([name, count]) => `<tr><td>${escapeHtml(name.replaceAll('_', ' '))}</td><td>${formatCount(count)}</td></tr>`)
    .join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
