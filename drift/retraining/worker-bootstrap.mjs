// @ts-check
// In development a worker's entry is TypeScript: worker threads do not inherit tsx's loader, so it is registered here first.
// The build starts the compiled worker directly and never loads this file.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
