import { expect, it } from 'vitest';
import { DRIFT_ERRORS } from '#drift';

it.each(Object.entries(DRIFT_ERRORS))('%s carries the prefix of its folder and one sentence', (code, spec) => {
  expect(code).toMatch(/^DRIFT_[A-Z_]+$/u);
  expect(spec.doc).toMatch(/\.$/u);
});
