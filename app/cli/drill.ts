import path from 'node:path';
import { stderr, stdout } from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import { findClosest } from '#core';
import { type DrillRun, type DrillSummary, FAULT_TITLES, FAULTS, type FaultName } from '#runbooks';
import { loadSettings } from '../config/index.ts';
import { runDrills } from '../drills/drills.ts';
import { formatTable } from './tables.ts';

interface DrillFlags {
  readonly fault: readonly FaultName[];
  readonly runs: number;
  readonly seed: number;
  readonly format: 'text' | 'json';
  readonly data?: string;
  readonly settings?: string;
}

/** `throughline drill …` */
export function addDrill(program: Command, signal: AbortSignal): void {
  program
    .command('drill')
    .description('faults that the project rehearses on itself')
    .command('run')
    .description('let faults happen in a line of their own, and see what alerts and diagnosis make of them')
    .option('--fault <fault>', `one of ${FAULTS.join(', ')}; may be given again (default: all)`, collectFault, [])
    .option('--runs <number>', 'runs a fault', parseCount, 1)
    .option('--seed <number>', 'seed of the first run; the next ones count up', parseCount, 1)
    .option('--format <format>', 'text or json', parseFormat, 'text' as const)
    .option('--data <folder>', 'drills have their folder in it (default: .throughline)')
    .option('--settings <file>', 'settings file (default: throughline.yaml)')
    .action((flags: DrillFlags) => runCommand(flags, signal));
}

async function runCommand({ fault, runs, seed, format, data, settings: file }: DrillFlags, signal: AbortSignal): Promise<void> {
  const settings = await loadSettings({
    flags: { ...(data === undefined ? {} : { data }), ...(file === undefined ? {} : { settings: file }) },
  });
  const isText = format === 'text';
  const tell = (sentence: string): void => void (isText ? stdout : stderr).write(`${sentence}\n`);
  const report = await runDrills({
    folder: path.join(settings.data.value, 'drills'),
    faults: fault.length === 0 ? FAULTS : fault,
    runs,
    seed,
    signal,
    announce: tell,
    ended: (run) => tell(runLine(run)),
  });
  if (signal.aborted) tell(`stopped; the report is of the ${report.runs.length} runs that ended before`);
  if (!isText) {
    stdout.write(
      `${JSON.stringify({ runs: report.runs, summary: { byFault: report.byFault, total: report.total } }, undefined, 2)}\n`,
    );
    return;
  }
  stdout.write(`\n${summaryTable(report.byFault, report.total)}\n`);
}

/** A run in a line: what it was, when it was seen, and what was thought of it first. */
function runLine({
  fault,
  seed,
  counted,
  detectedS,
  hypothesisS,
  top1,
  top3,
  confidentWrong,
  hypotheses,
  falsePages,
}: DrillRun): string {
  const first = hypotheses[0];
  const seen = detectedS === null ? 'no alert' : `alert after ${detectedS} s`;
  const thought = hypothesisS === null ? '' : `, diagnosis ${hypothesisS} s later`;
  const wrong = confidentWrong ? 'WRONG, and sure' : 'wrong';
  const other = top3 ? 'among three' : wrong;
  const verdict = top1 ? 'right' : other;
  const pages = falsePages > 0 ? `; ${falsePages} false pages` : '';
  const title = first === undefined ? '' : `\n    ${first.confidence}: ${first.title}`;
  return `${fault} seed ${seed} (${FAULT_TITLES[fault]}): ${seen}${thought}: ${verdict}${counted ? '' : ' (not counted)'}${pages}${title}`;
}

function summaryTable(byFault: Readonly<Record<string, DrillSummary>>, total: DrillSummary): string {
  const columns = [
    'fault',
    'runs',
    'counted',
    'top 1',
    'top 3',
    'sure and wrong',
    'alert after (median, max)',
    'diagnosis (max)',
    'false pages',
  ];
  const rows = [...Object.entries(byFault), ['all but F0', total] as const].map(([name, one]) => [
    name,
    String(one.runs),
    String(one.counted),
    percent(one.top1Share),
    percent(one.top3Share),
    percent(one.confidentWrongShare),
    one.detectedS === null ? '' : `${one.detectedS.median} s, ${one.detectedS.max} s`,
    one.hypothesisS === null ? '' : `${one.hypothesisS.max} s`,
    String(one.falsePages),
  ]);
  return formatTable(columns, rows);
}

const percent = (share: number | null): string => (share === null ? '' : `${Math.round(share * 100)} %`);

function collectFault(text: string, before: readonly FaultName[]): readonly FaultName[] {
  const found = FAULTS.find((fault) => fault === text.toUpperCase());
  if (found !== undefined) return [...before, found];
  const meant = findClosest(text.toUpperCase(), [...FAULTS]);
  throw new InvalidArgumentError(
    `there is no drill ${text}${meant === undefined ? '' : `; did you mean ${meant}?`} There are ${FAULTS.join(', ')}.`,
  );
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 1_000_000) return count;
  throw new InvalidArgumentError('write a whole number from 1.');
}

function parseFormat(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('write text or json.');
}
