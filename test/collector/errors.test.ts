import { expect, it } from 'vitest';
import { COLLECTOR_ERRORS } from '../../collector/errors.ts';

it.each(Object.entries(COLLECTOR_ERRORS))('%s carries the prefix of its folder and one sentence', (code, spec) => {
  expect(code).toMatch(/^COLLECTOR_[A-Z_]+$/u);
  expect(spec.status).toBeGreaterThanOrEqual(400);
  expect(spec.doc).toMatch(/^[A-Z].*\.$/u);
});
