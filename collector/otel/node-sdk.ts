import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { messageOf, VERSION } from '#core';
import { SERVICE_NAME } from './journey-spans.ts';

export interface NodeSdkOptions {
  /** Where spans go, such as `http://127.0.0.1:4318/v1/traces`. Absent: nothing is started. */
  readonly url?: string;
  /** Default `throughline`. */
  readonly serviceName?: string;
}

/** The process's own tracing. */
export interface RunningNodeSdk {
  readonly isStarted: boolean;
  /** Sends what is left; the sentence of what could not be sent, or undefined. Never rejects. */
  stop(): Promise<string | undefined>;
}

/**
 * Starts OpenTelemetry's Node SDK for code in this process that uses its API: traces only, to the same endpoint as our own spans,
 * which do not pass through it. It sets the process's globals, so only `app/main.ts` may call it, once.
 */
export function startNodeSdk({ url, serviceName = SERVICE_NAME }: NodeSdkOptions): RunningNodeSdk {
  if (url === undefined) return { isStarted: false, stop: () => Promise.resolve(undefined) };
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': VERSION }),
    autoDetectResources: false,
    traceExporter: new OTLPTraceExporter({ url }),
    // Without these the SDK would send metrics and logs to wherever the environment's defaults point.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return {
    isStarted: true,
    stop: () => sdk.shutdown().then(() => undefined, messageOf),
  };
}
