export { consoleFolder } from './console-folder.ts';
export { buildGrafana } from './grafana/build.ts';
export type { GrafanaGoal, GrafanaOptions, GrafanaPipeline } from './grafana/options.ts';
export { prometheusRules } from './prometheus/prometheus-rules.ts';
