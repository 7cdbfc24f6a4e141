import { stdout } from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import type { IncidentAnswer, IncidentList } from '#core';
import { loadSettings } from '../config/index.ts';
import { runningLine } from './address-file.ts';
import { incidentText } from './incident-text.ts';
import { getFrom } from './running-line.ts';
import { formatTable } from './tables.ts';

interface PlaceFlags {
  readonly data?: string;
  readonly settings?: string;
}

interface DiagnoseFlags extends PlaceFlags {
  readonly startsAt?: string;
  readonly format: 'text' | 'json';
}

/** `throughline diagnose FINGERPRINT` and `throughline incidents`. */
export function addDiagnose(program: Command): void {
  withPlace(
    program
      .command('diagnose')
      .description('an incident as its page tells it: hypotheses with their evidence, checks, changes, exemplars')
      .argument('<fingerprint>', 'of its alert: 16 hexadecimal digits')
      .option('--starts-at <time>', 'the one that began then (default: the newest)')
      .option('--format <format>', 'text or json', parseFormat, 'text' as const),
  ).action(printIncident);
  withPlace(program.command('incidents').description('the incidents of the running line, open ones first')).action(listIncidents);
}

async function printIncident(fingerprint: string, { startsAt, format, ...place }: DiagnoseFlags): Promise<void> {
  const address = await addressOf(place);
  const query = startsAt === undefined ? '' : `?startsAt=${encodeURIComponent(startsAt)}`;
  const answer = await getFrom<IncidentAnswer>(`${address}/api/incidents/${encodeURIComponent(fingerprint)}${query}`);
  stdout.write(format === 'json' ? `${JSON.stringify(answer, undefined, 2)}\n` : incidentText(answer, address));
}

async function listIncidents(place: PlaceFlags): Promise<void> {
  const { incidents } = await getFrom<IncidentList>(`${await addressOf(place)}/api/incidents`);
  if (incidents.length === 0) {
    stdout.write('no incident so far\n');
    return;
  }
  const rows = incidents.map(({ fingerprint, startsAt, alert, severity, state, firstHypothesis }) => [
    fingerprint,
    startsAt.slice(0, 19).replace('T', ' '),
    severity,
    state,
    alert,
    (firstHypothesis ?? 'being diagnosed').slice(0, 60),
  ]);
  stdout.write(`${formatTable(['fingerprint', 'since (UTC)', 'severity', 'state', 'alert', 'first hypothesis'], rows)}\n`);
}

async function addressOf({ data, settings: file }: PlaceFlags): Promise<string> {
  const flags = { ...(data === undefined ? {} : { data }), ...(file === undefined ? {} : { settings: file }) };
  const settings = await loadSettings({ flags });
  return runningLine(settings.data.value);
}

function withPlace(command: Command): Command {
  return command
    .option('--data <folder>', 'where the running line stores everything (default: .throughline)')
    .option('--settings <file>', 'settings file (default: throughline.yaml)');
}

function parseFormat(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('write text or json.');
}
