import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';
import { COUNTS_FILE_VARIABLE, type Counts, close, writeCounts } from './counts.ts';

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    NOTHING,
  );
}

/** A test that was announced and never ran counts as failed. */
function countTests(module: TestModule): Counts {
  return sum(
    [...module.children.allTests()].map((test) => {
      const { state } = test.result();
      const key = state === 'pending' ? 'failed' : state;
      return { ...NOTHING, [key]: 1 };
    }),
  );
}

/** One failure for a file that does not load, and for each hook that throws. */
function countModule(module: TestModule): Counts {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
  const counts = sum([countTests(module), { ...NOTHING, failed: suites + Math.min(1, module.errors().length) }]);
  return module.state() === 'failed' ? { ...counts, failed: Math.max(1, counts.failed) } : counts;
}

/** Counts a vitest run: for the run around it (see counts.ts), or as the last line of the output. */
export class ClosingLineReporter implements Reporter {
  #counts: Counts = NOTHING;

  onInit(): void {
    this.#noteUnfinished();
  }

  onTestModuleEnd(module: TestModule): void {
    this.#counts = sum([this.#counts, countModule(module)]);
    this.#noteUnfinished();
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const cut = reason === 'interrupted' ? 1 : 0;
    const counts = sum([...modules.map(countModule), { ...NOTHING, failed: unhandled.length + cut }]);
    process.once('exit', (code) => close(code === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) }));
  }

  /** Until it has ended, the run itself counts as a failure: a killed process leaves that behind. */
  #noteUnfinished(): void {
    const file = process.env[COUNTS_FILE_VARIABLE];
    if (file !== undefined) writeCounts(file, { ...this.#counts, failed: this.#counts.failed + 1 });
  }
}
