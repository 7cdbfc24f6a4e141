import { DashboardBuilder, DashboardCursorSync } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GrafanaOptions } from '../options.ts';
import type { PanelSpec } from '../panels/panel-spec.ts';
import { buildPanel } from '../panels/panels.ts';
import { boardAnnotations } from './annotations.ts';
import { BOARD_TAG, boardsLink, linkOf } from './links.ts';
import { type BoardVariables, boardVariables } from './variables.ts';

export interface BoardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Teams that answer for what it shows. */
  readonly owners: readonly string[];
  /** The console's page about the same. */
  readonly consolePath: string;
  readonly from: string;
  readonly refresh: string;
  readonly variables: BoardVariables;
  readonly panels: readonly PanelSpec[];
}

/** A board's JSON. */
export interface BoardJson {
  readonly uid?: string;
}

/** One of our boards, as Grafana's file provisioning takes it. */
export function buildBoard(options: GrafanaOptions, spec: BoardSpec): BoardJson {
  const owners = [...new Set(spec.owners)].toSorted();
  // oxlint-disable-next-line typescript/no-deprecated -- the file provider reads v1 (schemaVersion 42); v2 has trouble there
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([BOARD_TAG, ...owners.map((owner) => `owner:${owner}`)])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .timezone('utc')
    .time({ from: spec.from, to: 'now' })
    .refresh(spec.refresh)
    .variables(boardVariables(options, spec.variables))
    .annotations(boardAnnotations())
    .links([boardsLink(), linkOf({ title: 'In the console', url: `\${console}${spec.consolePath}` })]);
  for (const panel of spec.panels) builder.withPanel(buildPanel(panel));
  return builder.build();
}
