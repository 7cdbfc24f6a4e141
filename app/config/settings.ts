import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { ClickHouseSetting } from '#collector';
import { findClosest } from '#core';
import type { WebhookEndpoint } from '#drift';
import type { NotificationTarget } from '#runbooks';
import { configError } from './errors.ts';
import { notificationsSetting } from './notification-settings.ts';
import { compareProblems, type Problem, placeOf, sentenceOf } from './problem.ts';
import { createSchemaCheck } from './schema-check.ts';
import {
  addressSetting,
  clickhouseSetting,
  DEFAULT_PORT,
  DEFAULT_TRACE_RATIO,
  hostSetting,
  pathSetting,
  portSetting,
  ratioSetting,
  type Setting,
  type Written,
} from './setting-values.ts';
import { flagOf, SETTING_NAMES, SETTINGS_FILE_NAME, type SettingName, SettingsFile, variableOf } from './settings-schema.ts';
import { readSource, type SourceFile } from './source-file.ts';
import { secretVariablesOf, webhooksSetting } from './webhook-settings.ts';

/** Where things run. Paths are absolute. */
export interface Settings {
  readonly workspace: Setting<string>;
  readonly data: Setting<string>;
  readonly host: Setting<string>;
  readonly port: Setting<number>;
  readonly clickhouse: Setting<ClickHouseSetting>;
  /** 0 to 1. */
  readonly traceRatio: Setting<number>;
  /** Undefined: our own endpoint. */
  readonly otlp: Setting<string | undefined>;
  /** Base of links in alerts; undefined: the address that the console listens on. */
  readonly publicUrl: Setting<string | undefined>;
  readonly notifications: Setting<readonly NotificationTarget[]>;
  readonly webhooks: Setting<readonly WebhookEndpoint[]>;
}

/** Flags as the command line gives them; absent where not given. */
export interface SettingFlags {
  readonly workspace?: string | undefined;
  readonly data?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly clickhouse?: string | undefined;
  readonly traceRatio?: string | undefined;
  readonly otlp?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly settings?: string | undefined;
}

export interface SettingSources {
  readonly flags?: SettingFlags;
  /** Default: the process’s, which is read nowhere else. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Current folder. Default: the process’s. */
  readonly folder?: string;
}

const PREFIX = 'THROUGHLINE_';
const DEFAULT_FILE = 'throughline.yaml';
const DEFAULT_WORKSPACE = 'examples/retail';

type Environment = Readonly<Record<string, string | undefined>>;

/** The package’s own folder: the nearest above this file that holds the bundled workspace (source and build lie at different depths). */
function packageFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, DEFAULT_WORKSPACE, 'workspace.yaml'))) return folder;
  }
  return start;
}

function defaults(folder: string): Readonly<Record<SettingName, Written>> {
  const byDefault = { origin: 'default', from: 'the default' } as const;
  return {
    workspace: { ...byDefault, value: DEFAULT_WORKSPACE, folder: packageFolder() },
    data: { ...byDefault, value: '.throughline', folder },
    host: { ...byDefault, value: '127.0.0.1', folder },
    port: { ...byDefault, value: DEFAULT_PORT, folder },
    clickhouse: { ...byDefault, value: 'embedded', folder },
    traceRatio: { ...byDefault, value: DEFAULT_TRACE_RATIO, folder },
    otlp: { ...byDefault, value: '', folder },
    publicUrl: { ...byDefault, value: '', folder },
  };
}

/** A variable that is set to nothing counts as not set, as shells and compose files leave such. */
function variable(environment: Environment, name: string): string | undefined {
  const value = environment[variableOf(name)];
  return value === '' ? undefined : value;
}

/** Variables that look like settings and are none; those that the file names hold secrets, and may look as they like. */
function unknownVariables(environment: Environment, secrets: readonly string[]): readonly string[] {
  const known = [...SETTING_NAMES, SETTINGS_FILE_NAME].map(variableOf);
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !secrets.includes(name))
    .sort()
    .map((name) => {
      const meant = findClosest(name.slice(PREFIX.length), [...SETTING_NAMES, SETTINGS_FILE_NAME]);
      const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${variableOf(meant)}?`;
      return `${name} is not a setting; ${hint}`;
    });
}

interface FileSettings {
  readonly folder: string;
  readonly value: SettingsFile;
  readonly source: SourceFile | undefined;
  readonly complaints: readonly string[];
}

const complain = (problems: readonly Problem[]): readonly string[] =>
  problems.toSorted(compareProblems).map((problem) => `${placeOf(problem)}: ${sentenceOf(problem)}`);

interface NamedFile {
  readonly file: string;
  /** The flag or variable that names it; undefined for the default. */
  readonly by?: string;
}

async function readFile(folder: string, { file, by }: NamedFile): Promise<FileSettings> {
  const none = { folder: dirname(resolve(folder, file)), value: {}, source: undefined };
  if (!existsSync(resolve(folder, file))) {
    const complaints = by === undefined ? [] : [`${by} names ${file}, but there is no such file; write it, or leave ${by} out`];
    return { ...none, complaints };
  }
  const read = await readSource(folder, file);
  if (!read.ok) return { ...none, complaints: complain(read.problems) };
  const verdict = createSchemaCheck(SettingsFile)(read.source);
  return verdict.ok
    ? { ...none, value: verdict.value, source: read.source, complaints: [] }
    : { ...none, complaints: complain(verdict.problems) };
}

function settingsFile(flags: SettingFlags, environment: Environment): NamedFile {
  if (flags.settings !== undefined) return { file: flags.settings, by: '--settings' };
  const named = variable(environment, SETTINGS_FILE_NAME);
  return named === undefined ? { file: DEFAULT_FILE } : { file: named, by: variableOf(SETTINGS_FILE_NAME) };
}

/**
 * Reads the settings: flag over environment over throughline.yaml over default, each value with its origin. Paths of the file are relative
 * to the file, others to the current folder. Throws CONFIG_SETTINGS_INVALID with every complaint, a line each.
 */
export async function loadSettings(sources: SettingSources = {}): Promise<Settings> {
  const { flags = {}, environment = process.env, folder = process.cwd() } = sources;
  const file = await readFile(folder, settingsFile(flags, environment));
  const byDefault = defaults(folder);
  const complaints = [...unknownVariables(environment, secretVariablesOf(file.value)), ...file.complaints];

  const written = (name: SettingName): Written => {
    const flag = flags[name];
    if (flag !== undefined) return { value: flag, origin: 'flag', from: flagOf(name), folder };
    const named = variable(environment, name);
    if (named !== undefined) return { value: named, origin: 'environment', from: variableOf(name), folder };
    const inFile = file.value[name];
    if (inFile === undefined) return byDefault[name];
    const from = file.source === undefined ? DEFAULT_FILE : placeOf(file.source.problem({ pointer: `/${name}` }, ''));
    return { value: inFile, origin: 'file', from, folder: file.folder };
  };

  const settings = Object.freeze({
    workspace: pathSetting(written('workspace'), complaints),
    data: pathSetting(written('data'), complaints),
    host: hostSetting(written('host'), complaints),
    port: portSetting(written('port'), complaints),
    clickhouse: clickhouseSetting(written('clickhouse'), complaints),
    traceRatio: ratioSetting(written('traceRatio'), complaints),
    otlp: addressSetting(written('otlp'), complaints),
    publicUrl: addressSetting(written('publicUrl'), complaints),
    notifications: notificationsSetting(file, complaints),
    webhooks: webhooksSetting({ ...file, environment }, complaints),
  });
  if (complaints.length === 0) return settings;
  throw configError('CONFIG_SETTINGS_INVALID', complaints.join('\n'), { details: { complaints } });
}
