import { randomBytes } from 'node:crypto';
import { systemClock, ThroughlineError } from '#core';
import { openEmbeddedLog } from '../../../../../runtime/brokers/index.ts';

/** Commits until the disk refuses, several at a time, and says on stdout as JSON how each commit ended. */
const [folder = ''] = process.argv.slice(2);
const log = await openEmbeddedLog({ folder, clock: systemClock });
await log.createTopic({ name: 'out', partitions: 1, retention: {} });

const outcomes: string[] = [];
const messages: string[] = [];
let count = 0;
while (messages.length === 0) {
  const group = Array.from({ length: 5 }, () => count++);
  const ended = await Promise.allSettled(
    group.map((index) =>
      log.commit({
        records: [{ topic: 'out', headers: { index: `${index}` }, value: randomBytes(100_000) }],
        state: [{ store: 'progress', partition: 0, key: 'count', value: Buffer.from(`${index + 1}`) }],
      }),
    ),
  );
  for (const result of ended) {
    if (result.status === 'fulfilled') outcomes.push('acknowledged');
    else if (result.reason instanceof ThroughlineError) {
      outcomes.push(result.reason.code);
      messages.push(result.reason.message);
    } else throw result.reason;
  }
}
const late = await log.commit({ records: [] }).then(
  () => 'acknowledged',
  (error: unknown) => (error instanceof ThroughlineError ? error.code : 'unknown'),
);
await log.close();
process.stdout.write(JSON.stringify({ outcomes, late, message: messages[0] }));
