import { describe, expect, it } from 'vitest';
import { type LockPackages, missingOptionals } from '../support/complete-lock.ts';
import { readPackageJson, readText } from '../support/repository.ts';

const packageJson = readPackageJson();
const lock = JSON.parse(readText('package-lock.json')) as { readonly packages: LockPackages };

describe('packages', () => {
  it('are pinned to one version', () => {
    const pins = { ...packageJson.dependencies, ...packageJson.devDependencies, ...packageJson.overrides };
    expect(Object.entries(pins).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(version))).toEqual([]);
  });

  it('come from the registry that npm is set to, not from an address in the lock', () => {
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });

  it('are all in the lock, also those of other machines (else: npm run lock)', () => {
    expect(Object.keys(missingOptionals(lock.packages))).toEqual([]);
  });

  it('are noticed when the lock lacks one of another machine', () => {
    const packages = {
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { '@tool/linux-arm64-musl': '1.0.0', there: '2.0.0' },
      },
      'node_modules/tool/node_modules/there': { version: '2.0.0' },
    };
    expect(missingOptionals(packages)).toEqual({
      'node_modules/@tool/linux-arm64-musl': {
        version: '1.0.0',
        cpu: ['arm64'],
        os: ['linux'],
        libc: ['musl'],
        dev: true,
        optional: true,
      },
    });
  });
});
