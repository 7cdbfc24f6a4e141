// @ts-check
// In development the engine's entry is TypeScript: a child process is given tsx's loader here first. The build starts the
// compiled entry directly and never loads this file.
import process from 'node:process';
import { register } from 'tsx/esm/api';

register();
await import(process.argv[2] ?? '');
