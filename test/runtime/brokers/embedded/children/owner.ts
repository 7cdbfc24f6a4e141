import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { systemClock, ThroughlineError } from '#core';
import { openEmbeddedLog } from '../../../../../runtime/brokers/index.ts';

/** Says `ready`, and at a line on stdin tries to open the folder; then says `open` or the error's code, and stays. */
const [folder = ''] = process.argv.slice(2);
writeSync(1, 'ready\n');
await once(process.stdin, 'data');
const said = await openEmbeddedLog({ folder, clock: systemClock }).then(
  () => 'open',
  (error: unknown) => (error instanceof ThroughlineError ? error.code : String(error)),
);
writeSync(1, `${said}\n`);
await once(process.stdin, 'end');
process.exit(0);
