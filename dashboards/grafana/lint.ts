import { CLICKHOUSE_PLUGIN } from './clickhouse-query.ts';

/** A board's JSON, as far as the lint reads it: what the SDK wrote, or anything else. */
export interface LintedBoard {
  readonly uid?: string;
  readonly editable?: boolean;
  readonly tags?: readonly string[];
  readonly panels?: readonly LintedPanel[];
}

interface LintedTarget {
  readonly rawSql?: string;
}

interface LintedPanel {
  readonly id?: number;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: { readonly type?: string; readonly uid?: string };
  readonly links?: readonly { readonly url?: string }[];
  readonly targets?: readonly (LintedTarget & { readonly datasource?: { readonly uid?: string } })[];
  readonly fieldConfig?: {
    readonly defaults?: { readonly unit?: string };
    readonly overrides?: readonly {
      readonly matcher: { readonly id: string; readonly options?: unknown };
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
    }[];
  };
}

const MAX_PANELS = 20;
const TEMPLATED = /^\$\{\w+\}$/u;
const RUNBOOK = /\/runbooks\/[A-Z][A-Za-z]+$/u;
const IDS_OF_TRACES = /\bas\s+"?(trace_?id|trace id)"?/giu;

type PanelCheck = readonly [problem: string, isBroken: (panel: LintedPanel) => boolean];

const isBlank = (text: string | undefined): boolean => (text ?? '').trim() === '';
const sqlOf = (panel: LintedPanel): readonly string[] => (panel.targets ?? []).map(({ rawSql }) => rawSql ?? '');

const isTemplated = (panel: LintedPanel): boolean =>
  panel.datasource?.type === CLICKHOUSE_PLUGIN &&
  [panel.datasource, ...(panel.targets ?? []).map(({ datasource }) => datasource)].every((source) =>
    TEMPLATED.test(source?.uid ?? ''),
  );

/** Columns that hold trace ids and have no link to them. */
function unlinkedTraces(panel: LintedPanel): readonly string[] {
  const columns = new Set(sqlOf(panel).flatMap((sql) => [...sql.matchAll(IDS_OF_TRACES)].map(([, column]) => column ?? '')));
  const linked = (panel.fieldConfig?.overrides ?? []).filter(({ properties }) =>
    properties.some(({ id, value }) => id === 'links' && JSON.stringify(value).includes('/traces/')),
  );
  return [...columns].filter((column) => !linked.some(({ matcher }) => matcher.options === column));
}

const PANEL_CHECKS: readonly PanelCheck[] = [
  ['has no title', ({ title }) => isBlank(title)],
  ['has no description', ({ description }) => isBlank(description)],
  ['has no unit', ({ fieldConfig }) => isBlank(fieldConfig?.defaults?.unit)],
  ['has a data source that no variable chooses', (panel) => !isTemplated(panel)],
  ['asks nothing', (panel) => sqlOf(panel).length === 0 || sqlOf(panel).some(isBlank)],
  ['asks for all of time: no $__timeFilter', (panel) => sqlOf(panel).some((sql) => !sql.includes('$__timeFilter('))],
  ['asks for any number of rows: no LIMIT at the end', (panel) => sqlOf(panel).some((sql) => !/\bLIMIT \d+\s*$/u.test(sql))],
  ['has no link to a runbook', ({ links }) => !(links ?? []).some(({ url }) => RUNBOOK.test(url ?? ''))],
  ['has a trace id that leads nowhere', (panel) => unlinkedTraces(panel).length > 0],
];

/** What is wrong with a board: sentences, none where it is sound. */
export function lintBoard(board: LintedBoard): readonly string[] {
  const { uid = '', panels = [], tags = [], editable } = board;
  const name = isBlank(uid) ? 'a board without uid' : uid;
  const ids = panels.map(({ id }) => id);
  const problems = [
    [isBlank(uid), 'has no uid: links to it would break'],
    [editable !== false, 'can be edited in Grafana, and edits are lost'],
    [!tags.some((tag) => /^owner:\S+$/u.test(tag)), 'has no owner tag'],
    [panels.length === 0, 'has no panel'],
    [panels.length > MAX_PANELS, `has ${panels.length} panels; ${MAX_PANELS} are the most that anybody reads`],
    [new Set(ids).size !== ids.length || ids.includes(undefined), 'has panels with the same id, or without one'],
  ] as const;
  const broken = problems.flatMap(([isBroken, problem]) => (isBroken ? [`${name} ${problem}`] : []));
  return [...broken, ...panels.flatMap((panel) => lintPanel(panel, name))];
}

function lintPanel(panel: LintedPanel, board: string): readonly string[] {
  return PANEL_CHECKS.flatMap(([problem, isBroken]) => (isBroken(panel) ? [`${board}, panel ${panel.id} ${problem}`] : []));
}
