import type { Problem } from '../problem.ts';
import type { ReplayFile } from '../workspace-files.ts';
import type { Part, WorkspaceParts } from '../workspace-parts.ts';
import { isDay } from './days.ts';
import { checkField } from './fields.ts';
import { checkReference } from './reference.ts';

type Incident = NonNullable<ReplayFile['incidents']>[number];
type Source = Part<ReplayFile>['source'];

function checkDays(source: Source, pointer: string, { from, to }: Incident): readonly Problem[] {
  const wrong = (['from', 'to'] as const).filter((key) => !isDay({ from, to }[key]));
  if (wrong.length > 0) {
    return wrong.map((key) =>
      source.problem(
        { pointer: `${pointer}/${key}` },
        `${key} ${{ from, to }[key]} is not a day of the calendar`,
        'write YYYY-MM-DD',
      ),
    );
  }
  if (from < to) return [];
  return [source.problem({ pointer: `${pointer}/to` }, `to ${to} is not after from ${from}`, 'to is the first day without it')];
}

/** A property is held against the contract; of a pointer that leads deeper, its first step. */
function checkFieldOf(
  source: Source,
  pointer: string,
  { incident, catalog }: { readonly incident: Incident } & Pick<WorkspaceParts, 'catalog'>,
): readonly Problem[] {
  const [first = '', ...rest] = incident.field.replace(/^\//u, '').split('/');
  const field = first.replaceAll('~1', '/').replaceAll('~0', '~');
  const isNumeric = rest.length === 0;
  return checkField({ source, pointer: `${pointer}/field`, subject: incident.subject, field, isNumeric }, catalog);
}

/** Incidents change a number of events that have a contract, between days that there were. */
export function checkIncidents({ replay, declared, catalog }: WorkspaceParts): readonly Problem[] {
  const { source, value } = replay ?? {};
  if (source === undefined) return [];
  return (value?.incidents ?? []).flatMap((incident, index) => {
    const pointer = `/incidents/${index}`;
    const what = 'a contract (contracts/*.yaml)';
    return [
      ...checkReference({ source, pointer: `${pointer}/subject`, name: incident.subject, what }, declared.contract),
      ...checkFieldOf(source, pointer, { incident, catalog }),
      ...checkDays(source, pointer, incident),
    ];
  });
}
