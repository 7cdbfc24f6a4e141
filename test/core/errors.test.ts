import { describe, expect, test } from 'vitest';
import { defineErrors, messageOf, ThroughlineError } from '#core';

describe('errors', () => {
  const fail = defineErrors({ TEST_BROKEN: { status: 409, retryable: true, doc: 'Broken.' } });

  test('carry their code, status, whether a retry can help, details and cause', () => {
    const cause = new Error('below');
    const error = fail('TEST_BROKEN', 'it broke: mend it', { cause, details: { part: 1 } });
    expect(error).toBeInstanceOf(ThroughlineError);
    expect(error).toMatchObject({ code: 'TEST_BROKEN', status: 409, retryable: true, details: { part: 1 }, cause });
    expect(messageOf(error)).toBe('it broke: mend it');
    expect(messageOf('text')).toBe('text');
  });
});
