import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './test/support/closing-line-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'test/bench/**'],
    globalSetup: ['test/support/build-product.ts'],
    reporters: ['default', new ClosingLineReporter()],
    // lmdb and onnxruntime-node crash in worker threads that end while they work.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 10_000,
    coverage: { provider: 'v8', include: ['{core,registry,runtime,collector,drift,dashboards,runbooks,app}/**/*.ts'] },
  },
});
