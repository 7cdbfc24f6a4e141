import { type Problem, placeOf, sentenceOf } from '../config/index.ts';

const MAX_EXCERPT = 120;
const BEFORE_CARET = 60;

/** Control characters of a file must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/\t/gu, ' ').replace(/\p{Cc}/gu, '·');
}

/** The line of the file with a caret under the place; long lines are cut around it. */
function excerpt({ line, column, sourceLine }: Problem): readonly string[] {
  if (line === undefined || column === undefined || sourceLine === undefined) return [];
  const from = column > MAX_EXCERPT ? column - BEFORE_CARET : 0;
  const number = String(line).padStart(5);
  const text = printable(sourceLine.slice(from, from + MAX_EXCERPT));
  return [`${number} | ${text}`, `${' '.repeat(number.length)} | ${' '.repeat(column - 1 - from)}^`];
}

/** Problems for people: `file:line:column  sentence`, the line with a caret, and how many there are. */
export function formatProblems(problems: readonly Problem[], folder: string): string {
  const blocks = problems.map((problem) =>
    [`${placeOf(problem, folder)}  ${printable(sentenceOf(problem))}`, ...excerpt(problem)].join('\n'),
  );
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${blocks.join('\n\n')}\n\n${count}\n`;
}
