import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findClosest } from '#core';
import { configError } from './errors.ts';
import { compareProblems, type Problem, placeOf, sentenceOf } from './problem.ts';
import { createSchemaCheck } from './schema-check.ts';
import { SETTING_NAMES, SETTINGS_FILE_NAME, type SettingName, SettingsFile, variableOf } from './settings-schema.ts';
import { readSource, type SourceFile } from './source-file.ts';

/** Who said so, strongest first. */
export type SettingOrigin = 'flag' | 'environment' | 'file' | 'default';

/** A value, and who asked for it: a default may give way (a port that is taken), what was asked for may not. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: SettingOrigin;
  /** What to name in a sentence: `--port`, `THROUGHLINE_PORT`, `throughline.yaml:3:7`, `the default`. */
  readonly from: string;
}

/** Where things run. Paths are absolute. */
export interface Settings {
  readonly workspace: Setting<string>;
  readonly data: Setting<string>;
  readonly host: Setting<string>;
  readonly port: Setting<number>;
}

/** Flags as the command line gives them; absent where not given. */
export interface SettingFlags {
  readonly workspace?: string | undefined;
  readonly data?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
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
const DEFAULT_PORT = 7070;
const MAX_PORT = 65_535;

/** A value as someone wrote it, with the folder that a path is relative to. */
interface Written extends Setting<string | number> {
  readonly folder: string;
}

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
  };
}

/** A variable that is set to nothing counts as not set, as shells and compose files leave such. */
function variable(environment: Environment, name: string): string | undefined {
  const value = environment[variableOf(name)];
  return value === '' ? undefined : value;
}

function unknownVariables(environment: Environment): readonly string[] {
  const known = [...SETTING_NAMES, SETTINGS_FILE_NAME].map(variableOf);
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
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

function pathSetting({ value, origin, from, folder }: Written, complaints: string[]): Setting<string> {
  if (value === '') complaints.push(`${from} is empty; give a folder, or leave it out`);
  return Object.freeze({ value: resolve(folder, String(value)), origin, from });
}

function portSetting({ value, origin, from }: Written, complaints: string[]): Setting<number> {
  const port = /^\d{1,5}$/u.test(String(value)) ? Number(value) : Number.NaN;
  const isPort = port <= MAX_PORT;
  if (!isPort) complaints.push(`${from} must be a port, a whole number from 0 to ${MAX_PORT}, but is '${value}'`);
  return Object.freeze({ value: isPort ? port : DEFAULT_PORT, origin, from });
}

const LOOPBACK = /^(localhost|::1|127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3})$/u;

function hostSetting({ value, origin, from }: Written, complaints: string[]): Setting<string> {
  const host = String(value);
  if (!LOOPBACK.test(host)) {
    complaints.push(
      `${from} is '${host}', which other machines can reach, and authentication is not there yet; use 127.0.0.1 (and a tunnel from elsewhere)`,
    );
  }
  return Object.freeze({ value: host, origin, from });
}

/**
 * Reads the settings: flag over environment over throughline.yaml over default, each value with its origin. Paths of the file are relative
 * to the file, others to the current folder. Throws CONFIG_SETTINGS_INVALID with every complaint, a line each.
 */
export async function loadSettings(sources: SettingSources = {}): Promise<Settings> {
  const { flags = {}, environment = process.env, folder = process.cwd() } = sources;
  const file = await readFile(folder, settingsFile(flags, environment));
  const byDefault = defaults(folder);
  const complaints = [...unknownVariables(environment), ...file.complaints];

  const written = (name: SettingName): Written => {
    const flag = flags[name];
    if (flag !== undefined) return { value: flag, origin: 'flag', from: `--${name}`, folder };
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
  });
  if (complaints.length === 0) return settings;
  throw configError('CONFIG_SETTINGS_INVALID', complaints.join('\n'), { details: { complaints } });
}
