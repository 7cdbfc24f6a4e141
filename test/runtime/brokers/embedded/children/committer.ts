import { writeSync } from 'node:fs';
import { systemClock } from '#core';
import { openEmbeddedLog } from '../../../../../runtime/brokers/index.ts';

/**
 * Commits without end until it is killed. Commit k appends three records to `out`, sets the state `done` to k + 1 and the
 * group's offset to k + 1, all in one; once it is acknowledged, k + 1 goes to stdout on a line of its own.
 */
const IN_FLIGHT = 4;

const [folder = ''] = process.argv.slice(2);
const log = await openEmbeddedLog({ folder, clock: systemClock });
await log.createTopic({ name: 'in', partitions: 1, retention: {} });
await log.createTopic({ name: 'out', partitions: 3, retention: {} });
const consumer = await log.join({ group: 'committer', topics: ['in'], from: 'start' });
const first = (await log.committed('committer', 'in'))[0]?.offset ?? 0;

async function commit(done: number): Promise<void> {
  const value = `${done}:${'payload '.repeat(done % 40)}`;
  await log.commit({
    records: [0, 1, 2].map((partition) => ({ topic: 'out', partition, headers: { done: `${done}` }, value })),
    state: [{ store: 'progress', partition: 0, key: 'done', value: Buffer.from(`${done}`) }],
    offsets: { consumer, positions: [{ topic: 'in', partition: 0, offset: done }] },
  });
  writeSync(1, `${done}\n`);
}

const inFlight: Promise<void>[] = [];
for (let done = first + 1; ; done++) {
  inFlight.push(commit(done));
  if (inFlight.length >= IN_FLIGHT) await inFlight.shift();
}
