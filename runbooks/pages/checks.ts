import { type CheckResult, type Clock, type Database, messageOf } from '#core';
import type { RunbookFrontMatter } from './front-matter.ts';
import { inlineParameters } from './inlined-sql.ts';
import type { Runbook } from './page.ts';
import { MAX_CHECK_ROWS } from './queries.ts';

/** What a runbook's checks are about: a pipeline, the bad time and the good time before it; epoch ms of the processing clock. */
export interface CheckWindow {
  readonly pipeline: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly baseFromMs: number;
  readonly baseToMs: number;
  readonly nowMs: number;
}

export interface CheckDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

type FirstCheck = RunbookFrontMatter['first_checks'][number];
type Row = Readonly<Record<string, unknown>>;

const MAX_SECONDS = 5;
const MAX_BYTES = 512 * 1024 * 1024;
const ANSWER = 'is_yes';

/** Runs a runbook's first checks, one after the other, each within 5 s; one that fails is 'failed', with its sentence. */
export async function runChecks(deps: CheckDeps, runbook: Runbook, window: CheckWindow): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of runbook.front.first_checks) results.push(await runCheck(deps, { runbook, check, window }));
  return results;
}

/** What the checks answer where nothing can be asked: 'failed', each with the reason. */
export function failedChecks(runbook: Runbook, window: CheckWindow, reason: string): readonly CheckResult[] {
  return runbook.front.first_checks.map((check) => ({
    ...asked({ runbook, check, window }),
    ...NOTHING,
    answer: 'failed',
    meaning: reason,
    tookMs: 0,
  }));
}

interface Asking {
  readonly runbook: Runbook;
  readonly check: FirstCheck;
  readonly window: CheckWindow;
}

const NOTHING = { columns: [], rows: [] } as { columns: string[]; rows: Record<string, unknown>[] };

function asked({ runbook, check, window }: Asking): Pick<CheckResult, 'question' | 'query' | 'sql'> {
  const sql = runbook.front.queries.find(({ name }) => name === check.query)?.sql ?? '';
  return { question: check.question, query: check.query, sql: inlineParameters(sql.trim(), { ...window }) };
}

async function runCheck({ database, clock, signal }: CheckDeps, asking: Asking): Promise<CheckResult> {
  const { check } = asking;
  const question = asked(asking);
  const beganUs = clock.monotonicUs();
  const tookMs = (): number => Math.max(0, Math.round((clock.monotonicUs() - beganUs) / 1000));
  try {
    const limits = { maxSeconds: MAX_SECONDS, maxBytes: MAX_BYTES, ...(signal === undefined ? {} : { signal }) };
    const all = await database.query<Row>(question.sql, limits);
    const answer = answerOf(all[0]);
    const rows = all.slice(0, MAX_CHECK_ROWS).map((row) => Object.fromEntries(Object.entries(row).filter(isShown)));
    const columns = Object.keys(rows[0] ?? {});
    return { ...question, answer, meaning: meaningOf(answer, check), columns, rows, tookMs: tookMs() };
  } catch (error) {
    return { ...question, ...NOTHING, answer: 'failed', meaning: messageOf(error), tookMs: tookMs() };
  }
}

const isShown = ([column]: [string, unknown]): boolean => column !== ANSWER;

function answerOf(first: Row | undefined): 'yes' | 'no' | 'unclear' {
  const value = first?.[ANSWER];
  if (value === undefined || value === null) return 'unclear';
  return Number(value) === 0 ? 'no' : 'yes';
}

function meaningOf(answer: 'yes' | 'no' | 'unclear', { yes, no }: FirstCheck): string {
  if (answer === 'unclear') return 'Nothing is stored that could answer it: there was no such traffic in these times.';
  return answer === 'yes' ? yes : no;
}
