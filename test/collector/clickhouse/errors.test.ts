import { expect, it } from 'vitest';
import { CLICKHOUSE_ERRORS } from '../../../collector/clickhouse/errors.ts';

it.each(Object.entries(CLICKHOUSE_ERRORS))('%s has the prefix, a status and one sentence', (code, spec) => {
  expect(code).toMatch(/^CLICKHOUSE_[A-Z_]+$/u);
  expect(spec.status).toBeGreaterThanOrEqual(400);
  expect(spec.doc).toMatch(/^[A-Z].*\.$/u);
});
