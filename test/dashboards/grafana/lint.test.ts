import { describe, expect, it } from 'vitest';
import { type LintedBoard, lintBoard } from '../../../dashboards/grafana/lint.ts';

type LintedPanel = NonNullable<LintedBoard['panels']>[number];

const SQL = `SELECT polled, lower(hex(trace_id)) AS trace_id FROM decisions WHERE $__timeFilter(polled) LIMIT 10`;
const SOURCE = { type: 'grafana-clickhouse-datasource', uid: `\${datasource}` };
const TRACE_LINK = {
  matcher: { id: 'byName', options: 'trace_id' },
  properties: [{ id: 'links', value: [{ title: 'Spans', url: `\${console}/traces/\${__value.raw}` }] }],
};

const SOUND: LintedPanel = {
  id: 1,
  type: 'table',
  title: 'Decisions',
  description: 'The newest decisions.',
  datasource: SOURCE,
  links: [{ url: `\${console}/runbooks/LatencyBudgetBurn` }],
  targets: [{ rawSql: SQL, datasource: SOURCE }],
  fieldConfig: { defaults: { unit: 'string' }, overrides: [TRACE_LINK] },
};
const BOARD: LintedBoard = { uid: 'a-board', editable: false, tags: ['owner:shop'], panels: [SOUND] };

const asking = (rawSql: string): Partial<LintedPanel> => ({ targets: [{ rawSql, datasource: SOURCE }] });

const PANELS: readonly (readonly [string, Partial<LintedPanel>, string])[] = [
  ['without a title', { title: ' ' }, 'has no title'],
  ['without a description', { description: '' }, 'has no description'],
  ['without a unit', { fieldConfig: { defaults: {}, overrides: [TRACE_LINK] } }, 'has no unit'],
  ['with a fixed data source', { datasource: { ...SOURCE, uid: 'abc' } }, 'has a data source that no variable chooses'],
  ['with another data source', { datasource: { ...SOURCE, type: 'prometheus' } }, 'has a data source that no variable chooses'],
  [
    'whose query has a fixed data source',
    { targets: [{ rawSql: SQL, datasource: { uid: 'abc' } }] },
    'has a data source that no variable chooses',
  ],
  ['without a query', { targets: [], fieldConfig: { defaults: { unit: 'short' } } }, 'asks nothing'],
  ['without a time filter', asking(SQL.replace('$__timeFilter(polled)', '1')), 'asks for all of time: no $__timeFilter'],
  ['without a limit', asking(SQL.replace(' LIMIT 10', '')), 'asks for any number of rows: no LIMIT at the end'],
  [
    'with a limit in a subquery only',
    asking(`SELECT trace_id AS trace_id FROM (${SQL})`),
    'asks for any number of rows: no LIMIT at the end',
  ],
  ['without a runbook', { links: [{ url: `\${console}/slos` }] }, 'has no link to a runbook'],
  ['with a trace id that has no link', { fieldConfig: { defaults: { unit: 'string' } } }, 'has a trace id that leads nowhere'],
  ['with a trace id under another name', asking(SQL.replace('AS trace_id', 'AS "traceId"')), 'has a trace id that leads nowhere'],
  [
    'whose trace id leads elsewhere',
    {
      fieldConfig: {
        defaults: { unit: 'string' },
        overrides: [{ ...TRACE_LINK, properties: [{ id: 'links', value: [{ url: 'https://example.org' }] }] }],
      },
    },
    'has a trace id that leads nowhere',
  ],
];

const BOARDS: readonly (readonly [string, Partial<LintedBoard>, string])[] = [
  ['without an owner', { tags: ['throughline', 'owner:'] }, 'a-board has no owner tag'],
  ['that can be edited', { editable: true }, 'a-board can be edited in Grafana, and edits are lost'],
  ['without a uid', { uid: '' }, 'a board without uid has no uid: links to it would break'],
  ['without panels', { panels: [] }, 'a-board has no panel'],
  ['with two panels of one id', { panels: [SOUND, SOUND] }, 'a-board has panels with the same id, or without one'],
  [
    'with too many panels',
    { panels: Array.from({ length: 21 }, (_, index) => ({ ...SOUND, id: index + 1 })) },
    'a-board has 21 panels; 20 are the most that anybody reads',
  ],
];

describe('the lint of boards', () => {
  it('finds nothing in a sound board, also with 20 panels', () => {
    const panels = Array.from({ length: 20 }, (_, index) => ({ ...SOUND, id: index + 1 }));
    expect([...lintBoard(BOARD), ...lintBoard({ ...BOARD, panels })]).toEqual([]);
  });

  it.each(PANELS)('catches a panel %s, and nothing else in it', (_, planted, problem) => {
    expect(lintBoard({ ...BOARD, panels: [{ ...SOUND, ...planted }] })).toEqual([`a-board, panel 1 ${problem}`]);
  });

  it.each(BOARDS)('catches a board %s, and nothing else in it', (_, planted, problem) => {
    expect(lintBoard({ ...BOARD, ...planted })).toEqual([problem]);
  });
});
