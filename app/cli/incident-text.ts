import type { CheckResult, Hypothesis, IncidentAnswer } from '#core';

const WIDTH = 88;
const BAR = 40;

/** An incident for a terminal, as its page tells it. */
export function incidentText(answer: IncidentAnswer, address: string): string {
  const { incident, impact, diagnosis, changes, exemplars, runbook, cohorts } = answer;
  const { alert, severity, state, summary, startsAt, endsAt, owner, fingerprint } = incident;
  const lines = [
    `${alert} (${severity}, ${state})`,
    ...wrapped(summary),
    `since ${startsAt}${endsAt === null ? '' : ` until ${endsAt}`}${owner === null ? '' : `; owner ${owner.name} <${owner.contact}>`}`,
    `${address}/incidents/${fingerprint}`,
    ...section(
      'Impact',
      impact.flatMap((sentence) => wrapped(sentence)),
    ),
    ...section('Diagnosis', diagnosisLines(diagnosis)),
    ...section('Latency by stage, ms (bad against good)', cohorts === null ? [] : cohortLines(cohorts)),
    ...section(
      'Changes around it',
      changes.map(({ change, minutesFromStart, touches }) => {
        const when = `${minutesFromStart < 0 ? '' : '+'}${minutesFromStart.toFixed(1)} min`;
        return `${when.padStart(11)}  ${touches ? 'on the pathway ' : 'elsewhere      '} ${change.summary}`;
      }),
    ),
    ...section(
      'First checks',
      (runbook?.checks ?? []).flatMap((check) => checkLines(check)),
    ),
    ...section(
      'Mitigations',
      (runbook?.mitigations ?? []).flatMap(({ action, command, risk, undo }) => [
        ...wrapped(action),
        ...(command === null ? [] : [`    ${command}`]),
        ...wrapped(`Risk: ${risk} Undo: ${undo}`, '    '),
      ]),
    ),
    ...section(
      'Exemplars',
      exemplars.map(({ event, note }) => `${address}/events/${encodeURIComponent(event.id)}  ${note}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function diagnosisLines(diagnosis: IncidentAnswer['diagnosis']): readonly string[] {
  if (diagnosis === null) return ['being made'];
  if (diagnosis.verdict === 'not_found') return wrapped(diagnosis.summary);
  return diagnosis.hypotheses.flatMap((hypothesis) => hypothesisLines(hypothesis));
}

function hypothesisLines({ rank, title, confidence, owner, suspect, evidence, disproof }: Hypothesis): readonly string[] {
  return [
    ...wrapped(`${rank}. ${title} (${confidence} confidence)`),
    ...(owner === null ? [] : [`   owner: ${owner.name} <${owner.contact}>`]),
    ...(suspect === null ? [] : wrapped(`suspect: ${suspect.change.summary} ${suspect.why}`, '   ')),
    ...evidence.flatMap(({ summary }) => wrapped(`evidence: ${summary}`, '   ')),
    ...wrapped(`would prove it wrong: ${disproof}`, '   '),
  ];
}

function cohortLines({ good, bad }: NonNullable<IncidentAnswer['cohorts']>): readonly string[] {
  const before = new Map(good.stages.map(({ stage, meanMs }) => [stage, meanMs]));
  const most = Math.max(1e-9, ...bad.stages.map(({ meanMs }) => meanMs), ...good.stages.map(({ meanMs }) => meanMs));
  return bad.stages.map(({ stage, meanMs }) => {
    const bar = '█'.repeat(Math.round((BAR * meanMs) / most));
    return `${stage.padEnd(14)} ${meanMs.toFixed(1).padStart(9)} ${(before.get(stage) ?? 0).toFixed(1).padStart(9)}  ${bar}`;
  });
}

/** With the first row that it answered: most meanings speak of it. */
function checkLines({ question, answer, meaning, rows }: CheckResult): readonly string[] {
  const row = Object.entries(rows[0] ?? {}).map(([column, value]) => `${column}=${shortened(value)}`);
  return [...wrapped(`[${answer}] ${question}`), ...wrapped(meaning, '    '), ...wrapped(row.join(' '), '    ')];
}

const MAX_VALUE = 60;

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

/** Broken between words at the terminal's usual width. */
function wrapped(text: string, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u)) {
    if (line !== '' && indent.length + line.length + word.length + 1 > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}
