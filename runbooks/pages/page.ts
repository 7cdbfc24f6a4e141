import type { RunbookFrontMatter } from './front-matter.ts';
import { headingsOf, type Link, linksOf } from './markdown.ts';

/** The sections of a runbook, in this order. */
export const SECTIONS = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'] as const;

export interface PageSection {
  readonly title: (typeof SECTIONS)[number];
  readonly markdown: string;
}

/** Something wrong with a page, at a line from 1. */
export interface PageProblem {
  readonly line: number;
  readonly message: string;
  readonly hint?: string;
}

/** A page taken apart. */
export interface Page {
  /** YAML, with the line numbers of the file: an empty line stands where the page begins. */
  readonly frontMatter: string;
  readonly sections: readonly PageSection[];
  readonly links: readonly Link[];
}

/** A runbook of the workspace: its page, and what its front matter says. */
export interface Runbook extends Omit<Page, 'frontMatter'> {
  readonly front: RunbookFrontMatter;
}

export type PageVerdict =
  | { readonly ok: true; readonly page: Page }
  | { readonly ok: false; readonly problems: readonly PageProblem[] };

const FENCE = '---';
const ORDER = SECTIONS.join(', ');

interface Place {
  readonly title: string;
  /** Of the heading, from 0. */
  readonly line: number;
}

/** Takes the text of runbooks/<AlertName>.md apart: front matter between two lines of ---, then four sections. */
export function parsePage(text: string): PageVerdict {
  const lines = text
    .replace(/^\uFEFF/u, '')
    .replaceAll('\r\n', '\n')
    .split('\n');
  if (lines[0] !== FENCE)
    return refused({ line: 1, message: 'a runbook begins with its front matter', hint: 'write --- in the first line' });
  const end = lines.indexOf(FENCE, 1);
  if (end < 0)
    return refused({ line: lines.length, message: 'the front matter has no end', hint: 'write --- in a line behind it' });
  // Blank lines in its place keep the line numbers of the file.
  const body = [...lines.slice(0, end + 1).map(() => ''), ...lines.slice(end + 1)];
  const places = headingsOf(body.join('\n'))
    .filter(({ level }) => level === 2)
    .map(({ title, line }) => ({ title, line: line - 1 }));
  const problems = [...sectionProblems(places, end + 1), ...emptySections(body, places)];
  if (problems.length > 0) return { ok: false, problems };
  const frontMatter = ['', ...lines.slice(1, end)].join('\n');
  return { ok: true, page: { frontMatter, sections: sectionsOf(body, places), links: linksOf(body.join('\n')) } };
}

function refused(problem: PageProblem): PageVerdict {
  return { ok: false, problems: [problem] };
}

function sectionProblems(places: readonly Place[], frontEnd: number): readonly PageProblem[] {
  const titles = places.map(({ title }) => title);
  const missing = SECTIONS.filter((title) => !titles.includes(title));
  const hint = `a runbook has the sections ${ORDER}, in this order, each once`;
  const problems = missing.map((title) => ({
    line: places.at(-1)?.line ?? frontEnd,
    message: `there is no section ## ${title}`,
    hint,
  }));
  const wrong = places.find(({ title }, index) => title !== SECTIONS[index]);
  if (problems.length > 0 || (wrong === undefined && places.length === SECTIONS.length))
    return problems.map((problem) => ({ ...problem, line: problem.line + 1 }));
  const at = wrong ?? places.at(-1);
  return [{ line: (at?.line ?? frontEnd) + 1, message: `the section ## ${at?.title ?? ''} is not expected here`, hint }];
}

/** From behind its heading to the next one. */
function textOf(body: readonly string[], places: readonly Place[], index: number): string {
  const from = (places[index]?.line ?? 0) + 1;
  return body
    .slice(from, places[index + 1]?.line)
    .join('\n')
    .trim();
}

function emptySections(body: readonly string[], places: readonly Place[]): readonly PageProblem[] {
  return places.flatMap(({ title, line }, index) =>
    textOf(body, places, index) === ''
      ? [{ line: line + 1, message: `the section ## ${title} is empty`, hint: 'write what helps at three in the morning' }]
      : [],
  );
}

function sectionsOf(body: readonly string[], places: readonly Place[]): readonly PageSection[] {
  return SECTIONS.map((title, index) => ({ title, markdown: textOf(body, places, index) }));
}
