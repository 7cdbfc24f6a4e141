import { type AlertDefaults, type AlertFile, alertDefaults } from '#runbooks';
import type { Problem } from '../problem.ts';
import type { Part, WorkspaceParts } from '../workspace-parts.ts';
import { checkReference } from './reference.ts';

/** An alert's file is about a cause that can be watched, in a pipeline that there is, and sets only what the alert knows. */
export function checkAlerts({ alert, declared }: WorkspaceParts): readonly Problem[] {
  const defaults = new Map(alertDefaults().map((known) => [known.alert, known]));
  return alert.flatMap((part) => {
    const { source, value } = part;
    const reference = { source, pointer: '/pipeline', name: value.pipeline, what: 'a pipeline (pipelines/*.yaml)' };
    const known = defaults.get(value.alert);
    return [
      ...checkReference(reference, declared.pipeline),
      ...(known === undefined ? [sloAlertProblem(part)] : checkParameters(part, known)),
    ];
  });
}

function sloAlertProblem({ source, value }: Part<AlertFile>): Problem {
  const message = `${value.alert} is an SLO’s alert, and follows from its file (slos/*.yaml)`;
  return source.problem({ pointer: '/alert' }, message, 'write the SLO instead of this file');
}

function checkParameters({ source, value }: Part<AlertFile>, known: AlertDefaults): readonly Problem[] {
  const unknown = known.unknown
    .filter((key) => value[key] !== undefined)
    .map((key) => source.problem({ pointer: `/${key}`, part: 'key' }, `${value.alert} has no ${key}`, `leave '${key}' out`));
  return [...unknown, ...checkSeverity(source, value, known)];
}

function checkSeverity(
  source: Part<AlertFile>['source'],
  { alert, severity }: AlertFile,
  known: AlertDefaults,
): readonly Problem[] {
  const at = { pointer: '/severity' };
  if (known.severity !== undefined && severity !== known.severity)
    return [source.problem(at, `severity of ${alert} is ${severity}, and it always fires`, `write ${known.severity}`)];
  if (known.severity === undefined && severity === 'none')
    return [source.problem(at, `severity of ${alert} is none, and it is about a failure`, 'write ticket or page')];
  return [];
}
