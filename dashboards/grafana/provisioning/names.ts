/** Names by which Grafana's files refer to each other. */

export const DATA_SOURCE_UID = 'throughline-clickhouse';
export const DATA_SOURCE_NAME = 'Throughline';
export const CONTACT_POINT = 'Throughline console';
export const DASHBOARD_FOLDER = 'Throughline';

/** Where the dashboards' JSON is to lie on Grafana's machine. */
export const DASHBOARDS_PATH = '/var/lib/grafana/dashboards/throughline';
