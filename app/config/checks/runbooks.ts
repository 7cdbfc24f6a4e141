import { ALERTS, BOARDS } from '#core';
import { alertOfSli, isOutside, pageOf } from '#runbooks';
import { fileProblem, type Problem } from '../problem.ts';
import type { Part, WorkspaceParts } from '../workspace-parts.ts';
import { checkReference, nameHint } from './reference.ts';

type RunbookPart = WorkspaceParts['runbook'][number];

/** Every alert has its runbook, and a runbook names what there is. */
export function checkRunbooks(parts: WorkspaceParts): readonly Problem[] {
  return [...checkCoverage(parts), ...parts.runbook.flatMap((page) => checkPage(page, parts))];
}

function raisedAlerts({ alert, slo }: WorkspaceParts): ReadonlyMap<string, Part<unknown>> {
  const raised = new Map<string, Part<unknown>>();
  for (const part of slo) raised.set(alertOfSli(part.value.sli), part);
  for (const part of alert) raised.set(part.value.alert, part);
  return raised;
}

function checkCoverage(parts: WorkspaceParts): readonly Problem[] {
  if (!parts.areRunbooksComplete) return [];
  const pages = new Set<string>(parts.runbook.map(({ value }) => value.front.alert));
  return [...raisedAlerts(parts)]
    .filter(([alert]) => !pages.has(alert))
    .map(([alert, { source }]) =>
      source.problem(
        { pointer: '' },
        `its alert ${alert} has no runbook`,
        `write runbooks/${alert}.md: whoever is woken by it needs one`,
      ),
    );
}

function checkPage(page: RunbookPart, parts: WorkspaceParts): readonly Problem[] {
  const { source, value } = page;
  const { front, links } = value;
  const contracts = (front.contracts ?? []).flatMap((name, index) =>
    checkReference(
      { source, pointer: `/contracts/${index}`, name, what: 'a contract (contracts/*.yaml)' },
      parts.declared.contract,
    ),
  );
  const slo =
    front.slo === undefined
      ? []
      : checkReference({ source, pointer: '/slo', name: front.slo, what: 'an SLO (slos/*.yaml)' }, parts.declared.slo);
  const teams = {
    names: new Set(parts.workspace?.value.teams.map(({ name }) => name)),
    isComplete: parts.workspace !== undefined,
  };
  const owner = checkReference({ source, pointer: '/owner', name: front.owner, what: 'a team of workspace.yaml' }, teams);
  const broken = links.flatMap(({ href, line }) => {
    const hint = linkHint(href, parts);
    return hint === undefined
      ? []
      : [{ ...fileProblem(source.file, `the link to ${href} leads nowhere`, hint), line, column: 1 }];
  });
  return [...checkAlert(page, parts), ...owner, ...checkPanel(page), ...contracts, ...slo, ...broken];
}

/** The console's pages that a runbook may lead to. */
const CONSOLE_PAGES = /^\/(?:$|(?:events|traces|search|incidents|alerts|slos|runbooks|teams|models|drift)(?:[/?#]|$))/u;

/** What to do about a link that leads nowhere; undefined for a sound one. */
function linkHint(href: string, { runbook, areRunbooksComplete }: WorkspaceParts): string | undefined {
  if (isOutside(href) || href.startsWith('#') || CONSOLE_PAGES.test(href)) return undefined;
  const alert = pageOf(href);
  const pages = new Set<string>(areRunbooksComplete ? runbook.map(({ value }) => value.front.alert) : ALERTS);
  if (alert === undefined) return 'link to another runbook (Name.md), a page of the console (/models/…) or an http(s) address';
  return pages.has(alert) ? undefined : nameHint(alert, pages);
}

function checkAlert({ source, value }: RunbookPart, parts: WorkspaceParts): readonly Problem[] {
  const raised = raisedAlerts(parts);
  const { alert } = value.front;
  if (raised.has(alert) || !parts.declared.alert.isComplete || !parts.declared.slo.isComplete) return [];
  return [source.problem({ pointer: '/alert' }, `nothing raises the alert ${alert}`, nameHint(alert, raised.keys()))];
}

function checkPanel({ source, value }: RunbookPart): readonly Problem[] {
  const { dashboard } = value.front;
  const known = Object.values(BOARDS).flatMap(({ uid, panels }) => Object.keys(panels).map((panel) => `${uid}/${panel}`));
  if (known.includes(dashboard)) return [];
  return [source.problem({ pointer: '/dashboard' }, `there is no panel ${dashboard}`, nameHint(dashboard, known))];
}
