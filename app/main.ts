#!/usr/bin/env node
import { argv, exit, stdout } from 'node:process';
import { runCli } from './cli/program.ts';
import { interruptSignal } from './interrupt.ts';

// Standard output ends early when a reader such as `head` has seen enough; that is no failure of ours.
stdout.on('error', () => exit(0));

exit(await runCli(argv.slice(2), interruptSignal()));
