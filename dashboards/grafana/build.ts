import { stringify } from 'yaml';
import { alertRuleFile } from './alerts/rule-file.ts';
import { buildBoards } from './boards/boards.ts';
import { DEFAULT_CONSOLE_URL, type GrafanaOptions } from './options.ts';
import { contactPointFile, dashboardProviderFile, dataSourceFile } from './provisioning/files.ts';

const yaml = (value: object): string =>
  `# Made by 'throughline dashboards build'; change the workspace, not this file.\n${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })}`;

/**
 * The files of Grafana's provisioning for a workspace, by path: dashboards/ is what the dashboard provider reads, provisioning/ goes
 * into Grafana's own folder of that name. The same options make the same bytes.
 */
export function buildGrafana(options: GrafanaOptions): ReadonlyMap<string, string> {
  const { rules, consoleUrl = DEFAULT_CONSOLE_URL } = options;
  const boards = buildBoards(options).map(
    (board) => [`dashboards/${board.uid}.json`, `${JSON.stringify(board, null, 2)}\n`] as const,
  );
  const runbookUrl = ({ alert }: { readonly alert: string }): string => `${consoleUrl}/runbooks/${alert}`;
  return new Map([
    ...boards,
    ['provisioning/datasources/throughline.yaml', yaml(dataSourceFile())],
    ['provisioning/dashboards/throughline.yaml', yaml(dashboardProviderFile())],
    ['provisioning/alerting/throughline-contact-points.yaml', yaml(contactPointFile(consoleUrl))],
    ...(rules.length === 0
      ? []
      : [['provisioning/alerting/throughline-rules.yaml', yaml(alertRuleFile(rules, { runbookUrl }))] as const]),
  ]);
}
