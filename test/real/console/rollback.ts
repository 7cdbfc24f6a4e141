import { expect } from 'vitest';
import type { JourneyPage, ModelAnswer, RollbackAnswer } from '#core';
import type { RealLine } from './real-line.ts';

/** Lets the version before decide, waits until it does, and takes that back; then asks for what cannot be. */
export async function rollBackAndForth(
  line: RealLine,
  patience: { readonly timeout: number; readonly interval?: number },
): Promise<void> {
  const { liveVersion: before } = await line.get<ModelAnswer>('/api/models/repurchase');
  const order = async (body: object): Promise<RollbackAnswer> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${line.url}/api/models/repurchase/rollback`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as RollbackAnswer;
  };
  const back = await order({ reason: 'a look at the version before', actor: 'test' });
  expect(back).toMatchObject({ model: 'repurchase', from: before });
  await expect.poll(() => line.get<ModelAnswer>('/api/models/repurchase'), patience).toMatchObject({ liveVersion: back.to });
  await expect
    .poll(async () => (await line.get<JourneyPage>('/api/journeys?fate=scored&limit=1')).items[0]?.model?.version, patience)
    .toBe(back.to);
  const again = await order({ to: back.from, reason: 'and back', actor: 'test' });
  expect(again).toMatchObject({ from: back.to, to: back.from });
  const refused = await fetch(`${line.url}/api/models/repurchase/rollback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: 99, reason: 'there is no such version', actor: 'test' }),
  });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ message: expect.stringMatching(/v99 has never decided/u) as string });
}
