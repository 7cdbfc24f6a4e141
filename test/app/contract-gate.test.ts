import { describe, expect, test } from 'vitest';
import { createContractGate } from '../../app/contract-gate.ts';
import { SHOP_CONTRACTS } from '../support/shop-pipeline.ts';

describe('the contract gate', () => {
  const gate = createContractGate(SHOP_CONTRACTS);

  test('judges by the latest version, or by the one that the event names', () => {
    const contract = { subject: 'bought', version: 1 };
    expect(gate.judge({ type: 'bought' }, { amount: 1 })).toEqual({ ok: true, contract });
    expect(gate.judge({ type: 'bought', dataschema: '/contracts/bought/1' }, { amount: 1 })).toEqual({ ok: true, contract });
    expect(gate.judge({ type: 'bought', dataschema: 'https://elsewhere.example/schema' }, { amount: 1 })).toEqual({
      ok: true,
      contract,
    });
  });

  test.each([
    ['data that does not fit', { type: 'bought' }, { amount: 0 }, 'contract: bought /amount exclusiveMinimum', /amount is 0/u],
    ['an unknown subject', { type: 'sold' }, {}, 'contract: subject unknown', /no contract for sold/u],
    [
      'an unknown version',
      { type: 'bought', dataschema: '/contracts/bought/9' },
      {},
      'contract: version unknown',
      /names version 9 of bought, the registry has 1/u,
    ],
    [
      'a dataschema of another subject',
      { type: 'bought', dataschema: '/contracts/looked/1' },
      {},
      'contract: type and dataschema differ',
      /names looked/u,
    ],
  ])('refuses %s with a bounded reason and a sentence', (_case, event, data, reason, message) => {
    expect(gate.judge(event, data)).toMatchObject({ ok: false, reason, message: expect.stringMatching(message) });
  });
});
