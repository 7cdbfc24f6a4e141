import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TracerProvider } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { TraceRequest } from '../../../collector/otlp/receiver.ts';

type Compression = NonNullable<NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>['compression']>;

/** Requests with traces that `work` sends to the URL it is given. */
export async function requestsTo(work: (url: string) => Promise<void>): Promise<readonly TraceRequest[]> {
  const requests: TraceRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers;
      requests.push({ contentType, contentEncoding, body: Buffer.concat(chunks) });
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return requests;
}

/** Requests that OpenTelemetry's own exporter makes of the spans that `work` starts and ends. */
export async function sentTraces(
  compression: 'gzip' | 'none',
  work: (provider: TracerProvider) => void,
): Promise<readonly TraceRequest[]> {
  return await requestsTo(async (url) => {
    const exporter = new OTLPTraceExporter({ url, compression: compression as Compression });
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'shop', 'host.cores': 8 }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    work(provider);
    await provider.shutdown();
  });
}
