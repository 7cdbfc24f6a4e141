import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkFrontMatter, type PageProblem, parsePage, type Runbook, RunbookFrontMatter } from '#runbooks';
import { fileProblem, type Problem } from './problem.ts';
import { createSchemaCheck } from './schema-check.ts';
import { parseSource, type SourceFile } from './source-file.ts';
import { MAX_FILES } from './workspace-files.ts';
import type { Part } from './workspace-parts.ts';

export const RUNBOOKS_FOLDER = 'runbooks';
/** The folder's own README is no runbook. */
const README = 'README.md';
const MAX_CHARACTERS = 200_000;

export interface RunbookPages {
  readonly parts: readonly Part<Runbook>[];
  readonly problems: readonly Problem[];
  /** Some page could not be read: nobody can say then that one is missing. */
  readonly isComplete: boolean;
}

type PageRead =
  | { readonly ok: true; readonly part: Part<Runbook> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const checkSchema = createSchemaCheck(RunbookFrontMatter);

/** Reads runbooks/*.md of a workspace, each on its own. */
export async function readRunbooks(folder: string): Promise<RunbookPages> {
  const names = await readdir(path.join(folder, RUNBOOKS_FOLDER)).catch(() => []);
  const files = names.filter((name) => name.endsWith('.md') && name !== README).sort();
  const read = await Promise.all(files.slice(0, MAX_FILES).map((name) => readPage(folder, name)));
  return {
    parts: read.flatMap((page) => (page.ok ? [page.part] : [])),
    problems: read.flatMap((page) => (page.ok ? [] : page.problems)),
    isComplete: read.every(({ ok }) => ok),
  };
}

async function readPage(folder: string, name: string): Promise<PageRead> {
  const file = `${RUNBOOKS_FOLDER}/${name}`;
  const text = await readFile(path.join(folder, file), 'utf8');
  if (text.length > MAX_CHARACTERS)
    return refused(fileProblem(file, `the page has more than ${MAX_CHARACTERS} characters`, 'split it'));
  const verdict = parsePage(text);
  if (!verdict.ok) return { ok: false, problems: verdict.problems.map((problem) => pageProblem(file, text, problem)) };
  const { frontMatter, ...page } = verdict.page;
  const parsed = parseSource(file, frontMatter);
  if (!parsed.ok) return parsed;
  const fitted = checkSchema(parsed.source);
  if (!fitted.ok) return fitted;
  const problems = [
    ...checkFrontMatter(fitted.value).map(({ pointer, message, hint }) => parsed.source.problem({ pointer }, message, hint)),
    ...checkName(parsed.source, fitted.value.alert, name),
  ];
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, part: { source: parsed.source, value: { ...page, front: fitted.value } } };
}

function checkName(source: SourceFile, alert: string, name: string): readonly Problem[] {
  if (name === `${alert}.md`) return [];
  return [source.problem({ pointer: '/alert' }, `the runbook of ${alert} is called ${name}`, `call the file ${alert}.md`)];
}

function pageProblem(file: string, text: string, { line, message, hint }: PageProblem): Problem {
  const sourceLine = text.split(/\r?\n/u)[line - 1] ?? '';
  return { ...fileProblem(file, message, hint), line, column: 1, sourceLine };
}

function refused(problem: Problem): PageRead {
  return { ok: false, problems: [problem] };
}
