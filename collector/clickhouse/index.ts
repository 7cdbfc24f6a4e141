export type { Migration } from './migrations.ts';
export { parseServerAddress, type ServerAddress } from './server-address.ts';
export { openTelemetryStore, type TelemetryStore } from './telemetry-store.ts';
