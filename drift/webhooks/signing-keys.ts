import { createHmac } from 'node:crypto';
import { driftError } from '../errors.ts';

const PREFIX = 'whsec_';
/** Standard Webhooks 1.0.0, "Signature scheme". */
const KEY_BYTES = { least: 24, most: 64 } as const;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/u;

/** What is signed: id, time of the attempt in whole seconds since 1970, and the body as it is sent. */
export interface SignedContent {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/** The secrets of an endpoint. Nothing that prints or serialises them shows them. */
export class SigningKeys {
  readonly #keys: readonly Buffer[];

  constructor(keys: readonly Buffer[]) {
    this.#keys = keys;
  }

  /** The value of the header webhook-signature: one signature a key, with a space between. Standard Webhooks 1.0.0, HMAC-SHA256. */
  sign({ id, timestampSeconds, body }: SignedContent): string {
    const content = `${id}.${timestampSeconds}.${body}`;
    return this.#keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ');
  }

  toJSON(): string {
    return '***';
  }
}

/**
 * Reads secrets as they are written: `whsec_` and base64, several with spaces between. Throws DRIFT_WEBHOOK_SECRET with a sentence that
 * holds nothing of them.
 */
export function parseSigningKeys(text: string): SigningKeys {
  const secrets = text.split(/\s+/u).filter((secret) => secret !== '');
  if (secrets.length === 0) throw secretError('is empty');
  return new SigningKeys(secrets.map(parseKey));
}

function parseKey(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) throw secretError(`does not begin with ${PREFIX}`);
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, 'base64');
  if (!BASE64.test(text)) throw secretError(`is not base64 behind ${PREFIX}`);
  if (key.length < KEY_BYTES.least || key.length > KEY_BYTES.most) {
    throw secretError(`has ${key.length} bytes behind ${PREFIX}, and must have ${KEY_BYTES.least} to ${KEY_BYTES.most}`);
  }
  return key;
}

function secretError(what: string): Error {
  return driftError('DRIFT_WEBHOOK_SECRET', `the secret ${what}; make one with: echo "${PREFIX}$(openssl rand -base64 32)"`);
}
