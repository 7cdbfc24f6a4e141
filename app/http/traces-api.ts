import Type from 'typebox';
import { Span } from '#core';
import { type Api, PROBLEMS } from './routes.ts';
import { databaseOf } from './telemetry-access.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$', description: '32 hex digits, lower case.' });

/** Traces, out and in: GET /api/traces/:traceId, POST /v1/traces (OTLP over HTTP). */
export const tracesApi: Api = async (server, { telemetry, traces }) => {
  server.get(
    '/api/traces/:traceId',
    {
      schema: {
        summary: 'The spans of a trace, as far as it was kept',
        params: Type.Object({ traceId: TraceId }),
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: Type.Object({ traceId: TraceId, spans: Type.Array(Span) }), ...PROBLEMS },
      },
    },
    async ({ params: { traceId } }) => ({ traceId, spans: [...(await traces.read(databaseOf(telemetry), traceId))] }),
  );
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) => done(null, body));
  server.post(
    '/v1/traces',
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        summary: 'Spans of an OpenTelemetry exporter: OTLP over HTTP, protobuf or JSON',
        consumes: ['application/x-protobuf', 'application/json'],
        response: {
          200: Type.Unknown({ description: 'ExportTraceServiceResponse in the encoding of the request.' }),
          ...PROBLEMS,
        },
      },
    },
    async (request, reply) => {
      databaseOf(telemetry);
      const { headers, body } = request;
      const answer = await traces.receive({
        contentType: headers['content-type'],
        contentEncoding: headers['content-encoding'],
        body: body instanceof Uint8Array ? body : new Uint8Array(),
      });
      // Bytes are sent as they are.
      return reply
        .code(answer.status as 200)
        .type(answer.contentType)
        .send(Buffer.from(answer.body));
    },
  );
};
