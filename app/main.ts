#!/usr/bin/env -S node --max-semi-space-size=64
import process from 'node:process';
import { complaintAboutNode } from './node-version.ts';

// The flag: batches live for a few commits; with V8's default young generation they are copied again and again (15 % of the CPU).

const complaint = complaintAboutNode(process.versions.node);
if (complaint !== undefined) {
  process.stderr.write(`${complaint}\n`);
  process.exit(1);
}

// Standard output ends early when a reader such as `head` has seen enough; that is no failure of ours.
process.stdout.on('error', () => process.exit(0));

// Loaded only now: an older Node would fail on what the rest imports, before any sentence of ours.
const [{ runCli }, { interruptSignal }] = await Promise.all([import('./cli/program.ts'), import('./interrupt.ts')]);
process.exit(await runCli(process.argv.slice(2), interruptSignal()));
