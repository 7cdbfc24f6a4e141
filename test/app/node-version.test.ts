import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { complaintAboutNode } from '../../app/node-version.ts';

describe('the version of Node', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s will do', (version) => {
    expect(complaintAboutNode(version)).toBeUndefined();
  });

  test.each(['18.20.0', '20.18.3', '20.9.0'])('%s is refused with a sentence', (version) => {
    expect(complaintAboutNode(version)).toBe(
      `Throughline needs Node 20.19 or newer, and this is ${version}: install a newer one, then start again`,
    );
  });

  test('the floor is the one in package.json', () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(manifest).toMatchObject({ engines: { node: '>=20.19.0' } });
  });
});
