import { describe, expect, it } from 'vitest';
import { type Contract, ContractCatalog, createContract } from '#registry';

const contract = (subject: string, version: number): Contract =>
  createContract({ subject, version, owner: 'a', description: 'd', compatibility: 'NONE', schema: { type: 'object' } });

describe('ContractCatalog', () => {
  const catalog = new ContractCatalog([contract('b.x', 2), contract('a.x', 1), contract('b.x', 1)]);

  it('finds a version, or the latest where none is named', () => {
    expect(catalog.find('b.x')?.version).toBe(2);
    expect(catalog.find('b.x', 1)?.version).toBe(1);
    expect(catalog.find('b.x', 3)).toBeUndefined();
    expect(catalog.find('c.x')).toBeUndefined();
  });

  it('lists by subject and version', () => {
    expect(catalog.list().map(({ subject, version }) => `${subject} ${version}`)).toEqual(['a.x 1', 'b.x 1', 'b.x 2']);
    expect(catalog.findings).toEqual([]);
  });

  it.each([
    ['b.y', undefined, 'there is no contract for b.y; did you mean b.x?'],
    ['nothing.like.it', undefined, 'there is no contract for nothing.like.it; known subjects: a.x, b.x'],
    ['b.x', 9, 'b.x has no version 9; it has 1, 2'],
  ])('says what there is instead of %s %s', (subject, version, message) => {
    expect(() => catalog.get(subject, version)).toThrow(expect.objectContaining({ code: 'REGISTRY_SUBJECT_MISSING', message }));
  });

  it.each([
    [[1, 1], ['a.x version 1 is declared twice; give the newer one the next version']],
    [[1, 3], ['a.x has version 3, but version 2 is missing; versions count from 1 without gaps']],
    [
      [4, 6],
      [
        'a.x has version 4, but versions 1 to 3 are missing; versions count from 1 without gaps',
        'a.x has version 6, but version 5 is missing; versions count from 1 without gaps',
      ],
    ],
    [[2, 1], []],
  ])('of versions %j finds %j', (versions, messages) => {
    const { findings } = new ContractCatalog(versions.map((version) => contract('a.x', version)));
    expect(findings.map(({ message }) => message)).toEqual(messages);
  });
});
