import { CLICKHOUSE_PLUGIN } from '../clickhouse-query.ts';
import { CONTACT_POINT, DASHBOARD_FOLDER, DASHBOARDS_PATH, DATA_SOURCE_NAME, DATA_SOURCE_UID } from './names.ts';

/** The ClickHouse server that the line stores its telemetry in. Grafana fills the names in from its own environment. */
export function dataSourceFile(): object {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: DATA_SOURCE_NAME,
        uid: DATA_SOURCE_UID,
        type: CLICKHOUSE_PLUGIN,
        access: 'proxy',
        editable: false,
        jsonData: {
          host: '$THROUGHLINE_CLICKHOUSE_HOST',
          port: '$THROUGHLINE_CLICKHOUSE_PORT',
          protocol: 'http',
          username: '$THROUGHLINE_CLICKHOUSE_USER',
          defaultDatabase: '$THROUGHLINE_CLICKHOUSE_DATABASE',
        },
        secureJsonData: { password: '$THROUGHLINE_CLICKHOUSE_PASSWORD' },
      },
    ],
  };
}

/** Where the boards are, and that nobody changes them but this command. */
export function dashboardProviderFile(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'throughline',
        orgId: 1,
        folder: DASHBOARD_FOLDER,
        folderUid: 'throughline',
        type: 'file',
        disableDeletion: false,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: DASHBOARDS_PATH, foldersFromFilesStructure: false },
      },
    ],
  };
}

/** What fires in Grafana opens an incident here. */
export function contactPointFile(consoleUrl: string): object {
  return {
    apiVersion: 1,
    contactPoints: [
      {
        orgId: 1,
        name: CONTACT_POINT,
        receivers: [
          {
            uid: 'throughline-console',
            type: 'webhook',
            disableResolveMessage: false,
            settings: { url: `${consoleUrl}/api/alerts`, httpMethod: 'POST' },
          },
        ],
      },
    ],
  };
}
