import type { ServerResponse } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { findClosest, messageOf, ThroughlineError } from '#core';
import { describeValue, expectationOf } from '#registry';
import { appError } from '../errors.ts';

/** Answers any failure as `{ code, message }`. */
export function answerFailure(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, message } = failureOf(thrown, request);
  return reply.status(status).type('application/json; charset=utf-8').send({ code, message });
}

/** Answers an address that the router cannot read, before there is a route. */
export function answerBadAddress(error: FastifyError, _request: unknown, reply: { readonly raw: ServerResponse }): void {
  const { code, status, message } = appError('APP_REQUEST_INVALID', `the address cannot be read: ${error.message}`);
  reply.raw.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  reply.raw.end(JSON.stringify({ code, message }));
}

function failureOf(thrown: unknown, request: FastifyRequest): ThroughlineError {
  if (thrown instanceof ThroughlineError) return thrown;
  const error = thrown as Partial<FastifyError>;
  if (error.validation !== undefined) return appError('APP_REQUEST_INVALID', sentenceOf(error, request));
  if (error.statusCode === 413)
    return appError('APP_BODY_TOO_LARGE', `the body of ${request.url} is too large: send smaller batches`);
  if (error.statusCode === 415)
    return appError('APP_BODY_NOT_JSON', `${request.method} ${pathOf(request)} takes a body of content type application/json`);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return appError('APP_REQUEST_INVALID', `${request.method} ${pathOf(request)}: ${messageOf(thrown)}`);
  return appError('APP_INTERNAL', messageOf(thrown), { cause: thrown });
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url;
}

/** The part of a request that is checked, and how it is called. */
function partOf({ validationContext }: Partial<FastifyError>, { params, query, body, routeOptions }: FastifyRequest) {
  if (validationContext === 'params') return { where: 'the path', given: params, schema: undefined, word: '' };
  if (validationContext === 'body')
    return { where: 'the body', given: body, schema: routeOptions.schema?.body, word: 'property' };
  return { where: 'the query', given: query, schema: routeOptions.schema?.querystring, word: 'query parameter' };
}

/** The first thing that is wrong with a request, in a sentence: which parameter, what it is, what it must be. */
function sentenceOf(error: Partial<FastifyError>, request: FastifyRequest): string {
  const [violation] = error.validation ?? [];
  const part = partOf(error, request);
  const { where, given } = part;
  if (violation === undefined) return `${where} of ${pathOf(request)} does not have the form that is asked for`;
  const extra = violation.params['additionalProperty'];
  if (typeof extra === 'string') return `${pathOf(request)} ${unknownParameter(extra, part)}`;
  const name = violation.instancePath.split('/')[1] ?? '';
  const expected = expectationOf({ ...violation, schemaPath: violation.schemaPath });
  if (name === '') return `${pathOf(request)}: ${where} ${expected}`;
  const value = describeValue((given as Readonly<Record<string, unknown>>)[name]);
  return `${pathOf(request)}: '${name}' in ${where} is ${value} but ${expected}${exampleOf(violation, value)}`;
}

type Violation = NonNullable<FastifyError['validation']>[number];

function exampleOf({ keyword, params }: Violation, value: string): string {
  if (keyword === 'format' && params['format'] === 'date-time') return ', such as 2011-12-01T00:00:00Z';
  const allowed = params['allowedValues'];
  const meant = Array.isArray(allowed) ? findClosest(value.replaceAll('"', ''), allowed.map(String)) : undefined;
  return meant === undefined ? '' : `: did you mean ${meant}?`;
}

function unknownParameter(name: string, { schema, word }: ReturnType<typeof partOf>): string {
  const known = Object.keys((schema as { readonly properties?: object } | undefined)?.properties ?? {});
  const meant = findClosest(name, known);
  const hint = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  return `has no ${word} ${describeValue(name)}: ${meant === undefined ? hint : `did you mean '${meant}'?`}`;
}
