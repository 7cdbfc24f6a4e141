import Type, { type Static } from 'typebox';

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
  },
  { additionalProperties: false, title: 'Throughline settings' },
);
export type SettingsFile = Static<typeof SettingsFile>;

export type SettingName = keyof SettingsFile;

/** Each setting’s names elsewhere: `--port`, `THROUGHLINE_PORT`. */
export const SETTING_NAMES = ['workspace', 'data', 'host', 'port'] as const satisfies readonly SettingName[];

/** Where the settings file itself is named. */
export const SETTINGS_FILE_NAME = 'settings';

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return `THROUGHLINE_${name.toUpperCase()}`;
}
