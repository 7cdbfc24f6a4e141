export { openEmbeddedLog } from './embedded/event-log.ts';
export { BROKER_ERRORS } from './errors.ts';
