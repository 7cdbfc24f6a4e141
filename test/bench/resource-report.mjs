// Loaded into a measured process with --import: at its end it writes what it used to the file named in BENCH_REPORT.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const file = process.env['BENCH_REPORT'];
if (isMainThread && file !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const wallSeconds = performance.now() / 1000;
    writeFileSync(
      file,
      JSON.stringify({ wallSeconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, maxRssBytes: maxRSS * 1024 }),
    );
  });
}
