import { expect, it } from 'vitest';
import { BROKER_ERRORS } from '../../../runtime/brokers/index.ts';

it.each(Object.entries(BROKER_ERRORS))('%s has the prefix, a status and one sentence', (code, spec) => {
  expect(code).toMatch(/^BROKER_[A-Z_]+$/u);
  expect(spec.status).toBeGreaterThanOrEqual(400);
  expect(spec.doc).toMatch(/^[A-Z].*\.$/u);
});
