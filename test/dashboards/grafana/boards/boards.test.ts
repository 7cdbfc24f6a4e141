import { beforeAll, describe, expect, it } from 'vitest';
import { BOARDS, systemClock } from '#core';
import { buildGrafana } from '#dashboards';
import { grafanaSql } from '../../../../dashboards/grafana/alerts/rule-file.ts';
import { ANNOTATIONS } from '../../../../dashboards/grafana/boards/annotations.ts';
import { VARIABLE_SQL } from '../../../../dashboards/grafana/boards/variables.ts';
import { lintBoard } from '../../../../dashboards/grafana/lint.ts';
import { allRules } from '../../../runbooks/rule-fixture.ts';
import { telemetryForFile } from '../../../support/telemetry.ts';
import { expandMacros, type MacroContext } from '../grafana-macros.ts';
import { RETAIL } from '../retail-options.ts';
import { storeShownHistory } from '../shown-history.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets: readonly {
    readonly rawSql: string;
    readonly format: number;
    readonly queryType: string;
    readonly editorType: string;
  }[];
  readonly fieldConfig: {
    readonly defaults: { readonly displayName?: string; readonly unit?: string };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string }[];
    }[];
  };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface Board {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown; readonly hide?: number }[];
  };
  readonly annotations: {
    readonly list: readonly {
      readonly name: string;
      readonly placement?: string;
      readonly target: { readonly rawSql: string };
    }[];
  };
  readonly links: readonly {
    readonly type: string;
    readonly placement?: string;
    readonly tags: readonly string[];
    readonly includeVars: boolean;
    readonly keepTime: boolean;
  }[];
}

const files = buildGrafana(RETAIL);
const boards = [...files].filter(([path]) => path.startsWith('dashboards/')).map(([, text]) => JSON.parse(text) as Board);
const panels = boards.flatMap((board) =>
  board.panels.map((panel) => ({ name: `${board.uid} ${panel.id} ${panel.title}`, panel })),
);

const telemetry = telemetryForFile();
const toMs = Math.floor(systemClock.now() / 60_000) * 60_000;
const SHOWN: MacroContext = {
  fromMs: toMs - 900_000,
  toMs,
  intervalSeconds: 30,
  variables: { pipeline: 'repurchase', model: 'repurchase', subject: 'basket.updated', grain: 'WEEK' },
};

type Row = Readonly<Record<string, unknown>>;
const ask = (sql: string, context = SHOWN): Promise<readonly Row[]> =>
  telemetry.database().query<Row>(expandMacros(sql, context));

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isTime = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\d/u.test(value);
const columnsOf = (rows: readonly Row[]): readonly string[] => Object.keys(rows[0] ?? {});
/** Columns in which no row has anything. */
const emptyColumns = (rows: readonly Row[]): readonly string[] =>
  columnsOf(rows).filter((column) => rows.every((row) => row[column] === null || row[column] === undefined));

/** What Grafana makes of a long result: labels are its texts, and `value` the number. */
function checkSeries(panel: Panel, rows: readonly Row[]): void {
  const columns = columnsOf(rows);
  expect(columns[0]).toBe('time');
  expect(rows.every((row) => isTime(row['time']))).toBe(true);
  expect(rows.map((row) => String(row['time'])).toSorted()).toEqual(rows.map((row) => String(row['time'])));
  const texts = columns.slice(1).filter((column) => rows.some((row) => typeof row[column] === 'string'));
  const numbers = columns.slice(1).filter((column) => rows.some((row) => isNumber(row[column])));
  expect([...texts, ...numbers].toSorted()).toEqual(columns.slice(1).toSorted());
  expect(numbers.length).toBeGreaterThan(0);
  const labels = [...(panel.fieldConfig.defaults.displayName ?? '').matchAll(/labels\.(\w+)/gu)].map(([, label]) => label);
  expect(labels).toEqual(texts);
}

describe('the boards', () => {
  beforeAll(() => storeShownHistory(telemetry.database(), SHOWN), 60_000);

  it.each(panels)('$name: shows something, of a form that fits', async ({ panel }) => {
    for (const { rawSql, format, queryType } of panel.targets) {
      const rows = await ask(rawSql);
      expect(rows.length).toBeGreaterThan(0);
      expect(emptyColumns(rows)).toEqual([]);
      const isSeries = panel.type === 'timeseries' || panel.type === 'state-timeline';
      expect({ format, queryType }).toEqual(
        isSeries ? { format: 0, queryType: 'timeseries' } : { format: 1, queryType: 'table' },
      );
      if (isSeries) checkSeries(panel, rows);
      else if (panel.type === 'stat')
        expect(Object.values(rows[0] ?? {}).some((value) => isNumber(value) || /^v\d+$/u.test(String(value)))).toBe(true);
      const overridden = panel.fieldConfig.overrides.map(({ matcher }) => matcher.options);
      expect(overridden.filter((column) => !columnsOf(rows).includes(column))).toEqual([]);
    }
  });

  it.each(ANNOTATIONS)('annotation $name: has a time and a text', async ({ sql }) => {
    const rows = await ask(sql);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ time, text, tags }) => isTime(time) && typeof text === 'string' && String(tags).includes(','))).toBe(
      true,
    );
  });

  it.each(Object.entries(VARIABLE_SQL))('variable %s: offers what is there', async (name, sql) => {
    const rows = await ask(sql);
    expect(rows.map((row) => Object.values(row)[0])).toContain(SHOWN.variables[name]);
  });

  it.each(allRules())(
    'rule $id, in Grafana’s form: answers what Grafana takes for a number a series',
    async ({ sql, labelColumns }) => {
      const rows = await telemetry.database().query<Row>(grafanaSql(sql));
      for (const { value, ...labels } of rows) {
        expect(value === null || isNumber(value)).toBe(true);
        expect(Object.keys(labels)).toEqual(labelColumns);
        expect(Object.values(labels).filter((label) => typeof label !== 'string')).toEqual([]);
      }
    },
  );

  it('draw silence as zero, and not as a line across it', async () => {
    const rate = boards
      .find(({ uid }) => uid === BOARDS.pipeline.uid)
      ?.panels.find(({ id }) => id === BOARDS.pipeline.panels.rate);
    const rows = await ask(rate?.targets[0]?.rawSql ?? '');
    expect(rows).toHaveLength((SHOWN.toMs - SHOWN.fromMs) / 1000 / SHOWN.intervalSeconds);
    const read = rows.map(({ time: _time, ...fates }) =>
      Object.values(fates).reduce<number>((sum, value) => sum + Number(value), 0),
    );
    expect(read.at(-1)).toBe(0);
    expect(read.slice(0, -1).every((events) => events > 1)).toBe(true);
  });

  it('show figures that the history has', async () => {
    const find = (uid: string, id: number): string =>
      boards.find((board) => board.uid === uid)?.panels.find((panel) => panel.id === id)?.targets[0]?.rawSql ?? '';
    const [pipeline] = await ask(find(BOARDS.overview.uid, BOARDS.overview.panels.pipelines));
    expect(pipeline).toMatchObject({
      pipeline: 'repurchase',
      lag: 20,
      'p99 budget': 400,
      'within budget': 1,
      'alerts firing': 1,
    });
    const stages = await ask(find(BOARDS.pipeline.uid, 13));
    expect(stages.map(({ stage }) => stage)).toEqual([
      'broker wait',
      'batch wait',
      'contract',
      'feature read',
      'model queue',
      'model compute',
      'decide',
      'publish',
    ]);
    expect(stages.find(({ stage }) => stage === 'contract')).toMatchObject({ failures: 1, 'budget p99': 40 });
    const gaps = await ask(find(BOARDS.model.uid, 13));
    expect(gaps.map(({ source }) => String(source)).toSorted()).toEqual([
      '/shop/france',
      '/shop/germany',
      '/shop/united-kingdom',
    ]);
  });
});

describe('the boards’ JSON', () => {
  it('is sound by the lint', () => {
    expect(boards.flatMap((board) => lintBoard(board))).toEqual([]);
  });

  it('has the boards and the panels that alerts point at', () => {
    expect(boards.map(({ uid }) => uid)).toEqual(Object.values(BOARDS).map(({ uid }) => uid));
    const missing = Object.values(BOARDS).flatMap(({ uid, panels: wanted }) => {
      const ids = boards.find((board) => board.uid === uid)?.panels.map(({ id }) => id) ?? [];
      return Object.values(wanted).filter((id) => !ids.includes(id));
    });
    expect(missing).toEqual([]);
  });

  it.each(boards)('$uid: is of a schema that Grafana’s file provisioning reads, and nobody edits it there', (board) => {
    expect(board).toMatchObject({ schemaVersion: 42, editable: false });
    expect(board.templating.list.map(({ name, type }) => `${name}: ${type}`)).toEqual(
      expect.arrayContaining([
        'datasource: datasource',
        'pipeline: query',
        'model: query',
        'subject: query',
        'console: constant',
      ]),
    );
    expect(JSON.stringify(board)).not.toContain('inControlsMenu');
  });

  it.each(boards)('$uid: asks by no variable that is hidden or missing', (board) => {
    const shown = board.templating.list
      .filter(({ hide = 0, type }) => hide === 0 && type !== 'datasource')
      .map(({ name }) => name);
    const asked = board.panels.flatMap(({ targets }) =>
      targets.flatMap(({ rawSql }) => [...rawSql.matchAll(/\$\{(\w+):/gu)].map(([, name]) => name ?? '')),
    );
    expect([...new Set(asked)].toSorted()).toEqual(shown.toSorted());
  });

  it.each(boards)('$uid: leads to the other boards with its time and its variables', ({ links }) => {
    expect(links[0]).toMatchObject({ type: 'dashboards', tags: ['throughline'], includeVars: true, keepTime: true });
  });

  it.each(boards)('$uid: has no hole and no overlap', ({ panels: placed }) => {
    const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.length).toBe(24 * Math.max(...placed.map(({ gridPos: { y, h } }) => y + h)));
  });

  it('is the same bytes each time', () => {
    expect([...buildGrafana(RETAIL)]).toEqual([...files]);
  });
});
