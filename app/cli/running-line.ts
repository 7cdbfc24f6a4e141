import { messageOf, type Problem, ThroughlineError } from '#core';
import { appError } from '../errors.ts';

/** GET of the running line's API. Throws as `ask` does. */
export const getFrom = <T>(url: string): Promise<T> => ask<T>(url, {});

/** POST of a JSON body to it. Throws as `ask` does. */
export const postTo = <T>(url: string, body: object): Promise<T> =>
  ask<T>(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Asks the running line. Throws what it answered, under the same code; APP_LINE_UNREACHABLE where it does not answer. */
async function ask<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw appError('APP_LINE_UNREACHABLE', `the running line does not answer at ${new URL(url).origin}: ${messageOf(cause)}`, {
      cause,
    });
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  const { code, message } = answer as Problem;
  throw new ThroughlineError(code, message, { spec: { status: response.status, retryable: false, doc: '' } });
}
