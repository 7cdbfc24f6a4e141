import Type, { type Static } from 'typebox';
import { WebhookSection } from '#drift';
import { NotificationSection } from '#runbooks';

/** throughline.yaml: where things run. What runs is in the workspace. */
export const SettingsFile = Type.Object(
  {
    workspace: Type.Optional(Type.String({ minLength: 1, description: 'Folder of the workspace, relative to this file.' })),
    data: Type.Optional(
      Type.String({ minLength: 1, description: 'Folder that everything is stored in, relative to this file.' }),
    ),
    host: Type.Optional(
      Type.String({ minLength: 1, description: 'Address that the console and the API listen on; loopback only.' }),
    ),
    port: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65_535, description: 'Port of the console and the API; 0 takes any free one.' }),
    ),
    clickhouse: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'The telemetry store: embedded (default, in the data folder), off, or a server’s http(s)://user:password@host:port/database.',
      }),
    ),
    traceRatio: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description:
          'Share of ordinary events whose trace is kept; errors, breaches and quarantined events are kept in any case.',
      }),
    ),
    otlp: Type.Optional(
      Type.String({ minLength: 1, description: 'Where spans are sent, OTLP over HTTP; default: this process’s own /v1/traces.' }),
    ),
    publicUrl: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Where people reach the console: the base of links in alerts. Default: the address that it listens on.',
      }),
    ),
    notifications: Type.Optional(
      Type.Array(NotificationSection, {
        maxItems: 20,
        description: 'Whom alerts are told: Alertmanagers and webhooks; in this file only.',
      }),
    ),
    webhooks: Type.Optional(
      Type.Array(WebhookSection, {
        maxItems: 50,
        description: 'Where facts such as drift.detected and retraining.requested are sent; in this file only.',
      }),
    ),
  },
  { additionalProperties: false, title: 'Throughline settings' },
);
export type SettingsFile = Static<typeof SettingsFile>;

/** Settings that are a value each, and have a flag and an environment variable, too. */
export type SettingName = Exclude<keyof SettingsFile, 'webhooks' | 'notifications'>;

/** Each such setting’s names in the file; elsewhere `--trace-ratio`, `THROUGHLINE_TRACE_RATIO`. */
export const SETTING_NAMES = [
  'workspace',
  'data',
  'host',
  'port',
  'clickhouse',
  'traceRatio',
  'otlp',
  'publicUrl',
] as const satisfies readonly SettingName[];

/** Where the settings file itself is named. */
export const SETTINGS_FILE_NAME = 'settings';

const words = (name: string, between: string): string =>
  name.replaceAll(/[A-Z]/gu, (letter) => `${between}${letter.toLowerCase()}`);

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return `THROUGHLINE_${words(name, '_').toUpperCase()}`;
}

/** The flag of a setting. */
export function flagOf(name: string): string {
  return `--${words(name, '-')}`;
}
