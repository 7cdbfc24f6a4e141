#!/usr/bin/env -S node --max-semi-space-size=64
import { argv, exit, stdout } from 'node:process';
import { runCli } from './cli/program.ts';
import { interruptSignal } from './interrupt.ts';

// The flag: batches live for a few commits; with V8's default young generation they are copied again and again (15 % of the CPU).
// Standard output ends early when a reader such as `head` has seen enough; that is no failure of ours.
stdout.on('error', () => exit(0));

exit(await runCli(argv.slice(2), interruptSignal()));
