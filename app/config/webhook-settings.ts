import { messageOf, parseDuration } from '#core';
import { parseSigningKeys, WEBHOOK_DEFAULTS, type WebhookEndpoint, type WebhookSection } from '#drift';
import { placeOf } from './problem.ts';
import { isLoopback, type Setting } from './setting-values.ts';
import type { SettingsFile } from './settings-schema.ts';
import type { SourceFile } from './source-file.ts';

/** The settings file, and what its secrets are read from. */
export interface WebhookSources {
  readonly value: SettingsFile;
  readonly source: SourceFile | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A webhook of the file, and how to complain of a part of it. */
interface Written {
  readonly section: WebhookSection;
  readonly complain: (part: keyof WebhookSection, message: string) => void;
  readonly environment: WebhookSources['environment'];
}

/** Names of the variables that hold secrets. */
export function secretVariablesOf({ webhooks = [] }: SettingsFile): readonly string[] {
  return webhooks.map(({ secretFrom }) => secretFrom);
}

/** The endpoints of `webhooks`, with their secrets; what is wrong goes to the complaints, each at its line, without any secret. */
export function webhooksSetting(
  { value, source, environment }: WebhookSources,
  complaints: string[],
): Setting<readonly WebhookEndpoint[]> {
  if (value.webhooks === undefined || source === undefined) {
    return Object.freeze({ value: Object.freeze([]), origin: 'default', from: 'the default' });
  }
  const names = new Set<string>();
  const endpoints = value.webhooks.flatMap((section, index): readonly WebhookEndpoint[] => {
    const complain: Written['complain'] = (part, message) => {
      const place = placeOf(source.problem({ pointer: `/webhooks/${index}/${part}` }, message));
      complaints.push(`${place}: ${message}`);
    };
    if (names.has(section.name)) complain('name', `another webhook is called ${section.name}, too; give each a name of its own`);
    names.add(section.name);
    return endpointOf({ section, complain, environment });
  });
  const from = placeOf(source.problem({ pointer: '/webhooks' }, ''));
  return Object.freeze({ value: Object.freeze(endpoints), origin: 'file', from });
}

function endpointOf(written: Written): readonly WebhookEndpoint[] {
  const { name, types, from, timeout, giveUpAfter } = { ...WEBHOOK_DEFAULTS, ...written.section };
  const url = checkedUrl(written);
  const keys = readKeys(written);
  if (url === undefined || keys === undefined) return [];
  const times = { timeoutMs: parseDuration(timeout), giveUpAfterMs: parseDuration(giveUpAfter) };
  return [Object.freeze({ name, url, types, keys, from, ...times })];
}

/** An address that may be sent to; undefined after a complaint. */
function checkedUrl({ section, complain }: Written): string | undefined {
  const { url: text, allowInsecure = WEBHOOK_DEFAULTS.allowInsecure } = section;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    complain('url', `url must be an address such as https://example.com/hooks/throughline, but is '${text}'`);
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    complain('url', 'url holds a user or a password, which would be sent and shown; what is sent is signed, so leave them out');
    return undefined;
  }
  const isOpen = url.protocol === 'http:' && !isLoopback(url.hostname.replaceAll(/[[\]]/gu, ''));
  if (isOpen && !allowInsecure) {
    const help = 'use https, or say allowInsecure: true where the way there is safe';
    complain('url', `url is http to another machine (${url.hostname}), and what is sent can be read on the way; ${help}`);
    return undefined;
  }
  return url.href;
}

/** The signing keys; undefined after a complaint. */
function readKeys({ section: { secretFrom }, complain, environment }: Written): WebhookEndpoint['keys'] | undefined {
  const secret = environment[secretFrom];
  if (secret === undefined || secret === '') {
    const make = `export ${secretFrom}="whsec_$(openssl rand -base64 32)"`;
    complain('secretFrom', `secretFrom names the environment variable ${secretFrom}, which is not set; set it, with: ${make}`);
    return undefined;
  }
  try {
    return parseSigningKeys(secret);
  } catch (error) {
    complain('secretFrom', `what the environment variable ${secretFrom} holds cannot be used: ${messageOf(error)}`);
    return undefined;
  }
}
