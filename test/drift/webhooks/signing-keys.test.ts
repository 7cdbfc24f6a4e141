import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseSigningKeys } from '../../../drift/webhooks/signing-keys.ts';
import { readText } from '../../support/repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The vector of the Standard Webhooks reference libraries. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  content: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1_614_265_330, body: '{"test": 2432232314}' },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const OTHER = `whsec_${Buffer.alloc(64, 1).toString('base64')}`;

describe('SigningKeys', () => {
  it('signs as the reference libraries do', () => {
    expect(parseSigningKeys(VECTOR.secret).sign(VECTOR.content)).toBe(VECTOR.signature);
  });

  it('signs with each of two secrets while one replaces the other', () => {
    const signatures = parseSigningKeys(` ${OTHER}  ${VECTOR.secret}\n`).sign(VECTOR.content).split(' ');
    expect(signatures).toEqual([parseSigningKeys(OTHER).sign(VECTOR.content), VECTOR.signature]);
  });

  it.each([
    ['', /the secret is empty; make one with: echo "whsec_/u],
    ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', /does not begin with whsec_/u],
    ['whsec_not base64', /is not base64|has \d+ bytes/u],
    ['whsec_n*t', /is not base64 behind whsec_/u],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, /has 23 bytes behind whsec_, and must have 24 to 64/u],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, /has 65 bytes/u],
    [`${VECTOR.secret} whsec_`, /is not base64/u],
  ])('refuses %j with a sentence', (text, sentence) => {
    expect(() => parseSigningKeys(text)).toThrow(expect.objectContaining({ code: 'DRIFT_WEBHOOK_SECRET' }));
    expect(() => parseSigningKeys(text)).toThrow(sentence);
  });

  it('shows nothing of a secret, printed, serialised or refused', () => {
    const keys = parseSigningKeys(VECTOR.secret);
    const shown = [JSON.stringify({ keys }), inspect(keys, { depth: 9, showHidden: true })].join('\n');
    expect(shown).not.toContain('MfKQ9r8G');
    expect(shown).not.toContain(Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64').toString('hex').slice(0, 8));
    expect(() => parseSigningKeys('tooSecretToShow')).toThrow(/^(?!.*tooSecret)/u);
  });
});

type IsGenuine = (headers: Readonly<Record<string, string>>, body: string, secret: string, nowMs: number) => boolean;

/** The function that the guide gives to receivers. */
async function guidesFunction(): Promise<IsGenuine> {
  const [, code = ''] = /^```js\n(.*?)^```/msu.exec(readText('docs/guides/webhooks.md')) ?? [];
  const file = join(await temporaryFolder(), 'receiver.mjs');
  await writeFile(file, code);
  const { isGenuine } = (await import(pathToFileURL(file).href)) as { readonly isGenuine: IsGenuine };
  return isGenuine;
}

describe('what the guide tells receivers to do', () => {
  it('accepts what is signed, and nothing that was changed, is old, or has another secret', async () => {
    const isGenuine = await guidesFunction();
    const { id, timestampSeconds, body } = VECTOR.content;
    const nowMs = timestampSeconds * 1000 + 60_000;
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestampSeconds), 'webhook-signature': VECTOR.signature };
    expect(isGenuine(headers, body, VECTOR.secret, nowMs)).toBe(true);
    const both = parseSigningKeys(`${OTHER} ${VECTOR.secret}`).sign(VECTOR.content);
    expect(isGenuine({ ...headers, 'webhook-signature': both }, body, VECTOR.secret, nowMs)).toBe(true);
    expect(isGenuine(headers, `${body} `, VECTOR.secret, nowMs)).toBe(false);
    expect(isGenuine({ ...headers, 'webhook-id': 'msg_other' }, body, VECTOR.secret, nowMs)).toBe(false);
    expect(isGenuine(headers, body, OTHER, nowMs)).toBe(false);
    expect(isGenuine(headers, body, VECTOR.secret, nowMs + 300_000)).toBe(false);
    expect(isGenuine({ 'webhook-id': id }, body, VECTOR.secret, nowMs)).toBe(false);
  });
});
