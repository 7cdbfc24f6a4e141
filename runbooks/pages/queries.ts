import { findClosest } from '#core';
import type { RunbookFrontMatter, RunbookQuery } from './front-matter.ts';

/** What a runbook's queries may ask with: times are epoch ms of the processing clock. */
export const RUNBOOK_PARAMETERS = {
  pipeline: 'String',
  fromMs: 'Int64',
  toMs: 'Int64',
  baseFromMs: 'Int64',
  baseToMs: 'Int64',
  nowMs: 'Int64',
} as const;

export const MAX_CHECK_ROWS = 20;
const LIMIT = /\blimit\s+(?<rows>\d+)\s*$/iu;
const PARAMETER = /\{(?<name>\w+)\s*:\s*(?<type>[\w()]+)\}/gu;
const CLOCK = /\b(?:now|now64|today|yesterday)\s*\(/iu;

/** Something wrong with a value of the front matter, by its JSON pointer. */
export interface FrontMatterProblem {
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with a front matter that fits its schema, taken alone: statements that may not run, checks and queries that do not meet. */
export function checkFrontMatter(front: RunbookFrontMatter): readonly FrontMatterProblem[] {
  return [
    ...front.queries.flatMap((query, index) => [
      ...(front.queries.findIndex(({ name }) => name === query.name) < index
        ? [{ pointer: `/queries/${index}/name`, message: `query ${query.name} is there twice`, hint: 'keep one of the two' }]
        : []),
      ...checkStatement(query, `/queries/${index}/sql`),
    ]),
    ...checkUses(front),
  ];
}

function checkStatement({ name, sql }: RunbookQuery, pointer: string): readonly FrontMatterProblem[] {
  const problem = (message: string, hint: string): FrontMatterProblem => ({ pointer, message: `query ${name} ${message}`, hint });
  const rows = Number(LIMIT.exec(sql.trim())?.groups?.['rows'] ?? Number.POSITIVE_INFINITY);
  return [
    ...(/^\s*(?:select|with)\b/iu.test(sql) ? [] : [problem('is no SELECT', 'a runbook only reads')]),
    ...(sql.includes(';') ? [problem('holds a ;', 'write one statement, without an end')] : []),
    ...(rows <= MAX_CHECK_ROWS ? [] : [problem('has no bound', `end it with LIMIT ${MAX_CHECK_ROWS} or less`)]),
    ...(CLOCK.test(sql) ? [problem('asks the machine what time it is', 'use {nowMs:Int64}: drills run on another clock')] : []),
    ...[...sql.matchAll(PARAMETER)].flatMap(({ groups }) => {
      const hint = parameterHint(groups?.['name'] ?? '', groups?.['type'] ?? '');
      return hint === undefined ? [] : [problem(`has a parameter {${groups?.['name']}:${groups?.['type']}}`, hint)];
    }),
  ];
}

function parameterHint(name: string, type: string): string | undefined {
  const known: Readonly<Record<string, string>> = RUNBOOK_PARAMETERS;
  if (Object.hasOwn(known, name)) return known[name] === type ? undefined : `write {${name}:${known[name]}}`;
  const meant = findClosest(name, Object.keys(known));
  return meant === undefined ? `there are ${Object.keys(known).join(', ')}` : `did you mean {${meant}:${known[meant]}}?`;
}

function checkUses({ queries, first_checks: checks }: RunbookFrontMatter): readonly FrontMatterProblem[] {
  const used = new Set(checks.map(({ query }) => query));
  const names = queries.map(({ name }) => name);
  return [
    ...checks.flatMap(({ query }, index) => {
      const pointer = `/first_checks/${index}/query`;
      const found = queries.find(({ name }) => name === query);
      if (found === undefined) {
        const meant = findClosest(query, names);
        const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`;
        return [{ pointer, message: `${query} is no query of this page`, hint }];
      }
      if (/\bis_yes\b/u.test(found.sql)) return [];
      return [{ pointer, message: `query ${query} answers no column is_yes`, hint: 'select 0 or 1 as is_yes' }];
    }),
    ...queries.flatMap(({ name }, index) =>
      used.has(name)
        ? []
        : [{ pointer: `/queries/${index}/name`, message: `query ${name} is used by no check`, hint: 'use it, or remove it' }],
    ),
  ];
}
