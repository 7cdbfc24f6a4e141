import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, TOPICS } from '#core';
import { ContractCatalog, createContract } from '#registry';
import { openEmbeddedLog } from '#runtime';
import { registerContracts } from '../../app/contract-history.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { recordsOf } from '../support/topic-contents.ts';

const contract = (version: number, minimum: number): ReturnType<typeof createContract> =>
  createContract({
    subject: 'bought',
    version,
    owner: 'team',
    description: 'test',
    compatibility: 'NONE',
    schema: { type: 'object', properties: { amount: { type: 'number', minimum } } },
  });

test('each contract version is registered once, and refused when its schema is changed in place', async () => {
  const clock = new ManualClock(0);
  const log = await openEmbeddedLog({ folder: await temporaryFolder(), clock });
  onTestFinished(() => log.close());
  await log.createTopic({ name: TOPICS.control, partitions: 1, retention: {} });
  await registerContracts(log, new ContractCatalog([contract(1, 0)]), clock);
  await registerContracts(log, new ContractCatalog([contract(1, 0), contract(2, 1)]), clock);
  const ids = (await recordsOf(log, TOPICS.control)).map(({ headers }) => headers['ce_id']);
  expect(ids).toEqual(['bought@1', 'bought@2']);
  await expect(registerContracts(log, new ContractCatalog([contract(1, 5)]), clock)).rejects.toMatchObject({
    code: 'APP_CONTRACT_CHANGED',
    message: expect.stringContaining('declare the change as version 2, or begin anew with --fresh'),
  });
});
