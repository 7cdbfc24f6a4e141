import Type from 'typebox';
import { metricsText } from '../views/metrics-text.ts';
import { operationsOf } from './operations-access.ts';
import { type Api, PROBLEMS } from './routes.ts';

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** For Prometheus: GET /metrics. */
export const metricsApi: Api = async (server, context) => {
  server.get(
    '/metrics',
    {
      schema: {
        summary: 'What rules measured and what SLOs counted, in Prometheus’ text format',
        produces: [TEXT_FORMAT],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: Type.String(), ...PROBLEMS },
      },
    },
    async (_request, reply) => {
      const { evaluator } = operationsOf(context);
      return reply.type(TEXT_FORMAT).send(metricsText(evaluator.counts(), evaluator.ruleStates()));
    },
  );
};
