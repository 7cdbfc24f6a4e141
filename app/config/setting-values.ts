import { resolve } from 'node:path';
import { type ClickHouseSetting, parseClickHouseSetting } from '#collector';
import { messageOf } from '#core';

/** Who said so, strongest first. */
type SettingOrigin = 'flag' | 'environment' | 'file' | 'default';

/** A value, and who asked for it: a default may give way (a port that is taken), what was asked for may not. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: SettingOrigin;
  /** What to name in a sentence: `--port`, `THROUGHLINE_PORT`, `throughline.yaml:3:7`, `the default`. */
  readonly from: string;
}

/** A value as someone wrote it, with the folder that a path is relative to. */
export interface Written extends Setting<string | number> {
  readonly folder: string;
}

export const DEFAULT_PORT = 7070;
export const DEFAULT_TRACE_RATIO = 0.01;
const MAX_PORT = 65_535;

export function pathSetting({ value, origin, from, folder }: Written, complaints: string[]): Setting<string> {
  if (value === '') complaints.push(`${from} is empty; give a folder, or leave it out`);
  return Object.freeze({ value: resolve(folder, String(value)), origin, from });
}

export function portSetting({ value, origin, from }: Written, complaints: string[]): Setting<number> {
  const port = /^\d{1,5}$/u.test(String(value)) ? Number(value) : Number.NaN;
  const isPort = port <= MAX_PORT;
  if (!isPort) complaints.push(`${from} must be a port, a whole number from 0 to ${MAX_PORT}, but is '${value}'`);
  return Object.freeze({ value: isPort ? port : DEFAULT_PORT, origin, from });
}

const LOOPBACK = /^(localhost|::1|127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3})$/u;

/** Whether a host name is this machine’s own, as far as the name says so. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

export function hostSetting({ value, origin, from }: Written, complaints: string[]): Setting<string> {
  const host = String(value);
  if (!isLoopback(host)) {
    complaints.push(
      `${from} is '${host}', which other machines can reach, and authentication is not there yet; use 127.0.0.1 (and a tunnel from elsewhere)`,
    );
  }
  return Object.freeze({ value: host, origin, from });
}

export function clickhouseSetting({ value, origin, from }: Written, complaints: string[]): Setting<ClickHouseSetting> {
  try {
    return Object.freeze({ value: Object.freeze(parseClickHouseSetting(String(value))), origin, from });
  } catch (error) {
    complaints.push(`${from}: ${messageOf(error)}`);
    return Object.freeze({ value: Object.freeze({ kind: 'off' }), origin, from });
  }
}

export function ratioSetting({ value, origin, from }: Written, complaints: string[]): Setting<number> {
  const ratio = /^\d+(\.\d+)?$/u.test(String(value)) ? Number(value) : Number.NaN;
  const isRatio = ratio >= 0 && ratio <= 1;
  if (!isRatio) complaints.push(`${from} must be a share from 0 to 1, such as 0.01, but is '${value}'`);
  return Object.freeze({ value: isRatio ? ratio : DEFAULT_TRACE_RATIO, origin, from });
}

export function addressSetting({ value, origin, from }: Written, complaints: string[]): Setting<string | undefined> {
  const address = value === '' ? undefined : String(value);
  if (address !== undefined && !isWebAddress(address)) {
    complaints.push(`${from} must be an address such as http://127.0.0.1:4318/v1/traces, but is '${address}'`);
  }
  return Object.freeze({ value: address, origin, from });
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol);
}
