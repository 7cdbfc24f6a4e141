import { existsSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workspaceSchemas } from '../../../app/config/index.ts';
import { ROOT, readText } from '../../support/repository.ts';

const EXAMPLE = 'examples/retail';
const files = readdirSync(resolve(ROOT, EXAMPLE), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
const FOLDER_SCHEMAS: Readonly<Record<string, string>> = {
  contracts: 'contract',
  features: 'feature-view',
  pipelines: 'pipeline',
  models: 'model',
  drift: 'drift-job',
  slos: 'slo',
  alerts: 'alert',
};

describe('workspaceSchemas', () => {
  it.each(Object.entries(workspaceSchemas()))('%s is a sound schema, closed and described', (_name, schema) => {
    new Ajv2020({ strict: false }).compile(schema);
    expect(schema).toMatchObject({ additionalProperties: false, title: expect.stringMatching(/^Throughline /u) as string });
  });

  it('holds a contract’s schema against the meta-schema', () => {
    const check = new Ajv2020({ strict: false }).compile(workspaceSchemas()['contract.schema.json'] ?? {});
    const contract = { subject: 'a', version: 1, owner: 'a', description: 'a', compatibility: 'NONE' };
    expect(check({ ...contract, schema: { type: 'object' } })).toBe(true);
    expect(check({ ...contract, schema: { type: 'strin' } })).toBe(false);
  });

  it('finds files to look at', () => {
    expect(files.length).toBeGreaterThanOrEqual(9);
  });

  it.each(files)('stands in the first line of %s, where editors find it, and fits', (file) => {
    const text = readText(`${EXAMPLE}/${file}`);
    const reference = /^# yaml-language-server: \$schema=(\S+)\n/u.exec(text)?.[1] ?? 'none';
    const path = resolve(ROOT, EXAMPLE, dirname(file), reference);
    const folder = dirname(file);
    const expected = `${FOLDER_SCHEMAS[folder] ?? file.replace('.yaml', '')}.schema.json`;
    expect(path).toBe(resolve(ROOT, 'docs/reference/schemas', expected));
    expect(existsSync(path)).toBe(true);
    const check = new Ajv2020({ strict: false }).compile(workspaceSchemas()[expected] ?? false);
    expect(check(parse(text)), JSON.stringify(check.errors)).toBe(true);
  });
});
