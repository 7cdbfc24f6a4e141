import process from 'node:process';
import { systemClock } from '#core';
import { ClickHouseDatabase } from '../../../../../collector/clickhouse/clickhouse-database.ts';
import { EmbeddedEngine } from '../../../../../collector/clickhouse/embedded/embedded-engine.ts';

// Starts an engine on the folder of its argument and a statement that does not end, says the pid of the engine's process, and stays.
const engine = new EmbeddedEngine({ folder: process.argv[2] ?? '', clock: systemClock });
await engine.start();
const database = new ClickHouseDatabase({ endpoint: () => engine.endpoint(), database: 'default' });
const endless = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';
database.query(endless, { maxSeconds: 600 }).catch(() => {});
const running = "SELECT 1 FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'";
while ((await database.query(running)).length === 0);
process.stdout.write(`${engine.status().pid}\n`);
