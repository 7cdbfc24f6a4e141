import { describe, expect, it } from 'vitest';
import { type ContractFile, createContract, type JsonSchema } from '#registry';

const file = (schema: JsonSchema): ContractFile => ({
  subject: 'basket.updated',
  version: 1,
  owner: 'shop-platform',
  description: 'A line went into a basket.',
  compatibility: 'BACKWARD',
  schema,
});

describe('createContract', () => {
  it('knows its fields with their types and tags', () => {
    const contract = createContract(
      file({
        type: 'object',
        properties: {
          quantity: { type: 'integer' },
          note: { type: ['string', 'null'] },
          customerId: { $ref: '#/$defs/customer' },
          kind: { enum: ['a', 1] },
          anything: {},
        },
        $defs: { customer: { type: 'string', 'x-pii': 'pseudonym' } },
      }),
    );
    expect([...contract.fields.values()]).toEqual([
      { name: 'quantity', types: ['integer'], pii: 'none' },
      { name: 'note', types: ['string', 'null'], pii: 'none' },
      { name: 'customerId', types: ['string'], pii: 'pseudonym' },
      { name: 'kind', types: ['string', 'integer'], pii: 'none' },
      { name: 'anything', types: [], pii: 'none' },
    ]);
  });

  it('lists tagged places wherever they hide, strongest tag first, and nothing beneath them', () => {
    const contract = createContract(
      file({
        type: 'object',
        properties: {
          address: { 'x-pii': 'personal', properties: { street: { 'x-pii': 'sensitive' } } },
          contacts: { type: 'array', items: { properties: { 'e/mail': { 'x-pii': 'personal' } } } },
          phones: { additionalProperties: { 'x-pii': 'personal' } },
          card: { allOf: [{ 'x-pii': 'personal' }, { 'x-pii': 'sensitive' }] },
          looked: { 'x-pii': 'none' },
        },
      }),
    );
    expect(contract.piiFields).toEqual([
      { pointer: '/address', kind: 'personal' },
      { pointer: '/card', kind: 'sensitive' },
      { pointer: '/contacts/*/e~1mail', kind: 'personal' },
      { pointer: '/phones/*', kind: 'personal' },
    ]);
  });

  it('fingerprints the schema, whatever the order of its keys and whoever owns it', () => {
    const one = createContract(file({ type: 'object', required: ['a'] }));
    const same = createContract({ ...file({ required: ['a'], type: 'object' }), owner: 'other' });
    const other = createContract(file({ type: 'object', required: ['b'] }));
    expect(same.fingerprint).toBe(one.fingerprint);
    expect(other.fingerprint).not.toBe(one.fingerprint);
  });

  it('refuses a schema that is not sound, with the pointer of each finding', () => {
    expect(() => createContract(file({ properties: { a: { typ: 'string' }, b: { format: 'emial' } } }))).toThrow(
      expect.objectContaining({
        code: 'REGISTRY_DEFINITION_INVALID',
        message: expect.stringMatching(
          /schema\/properties\/a\/typ: .*did you mean type[^]*schema\/properties\/b\/format: /u,
        ) as string,
      }),
    );
  });
});
