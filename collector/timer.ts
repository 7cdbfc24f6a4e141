/** Runs something later; the answer calls it off. Passed in, so that tests need not wait. */
export type Timer = (afterMs: number, run: () => void) => () => void;

/** The machine's timer. It keeps no process alive. */
export const systemTimer: Timer = (afterMs, run) => {
  const timeout = setTimeout(run, afterMs);
  timeout.unref();
  return () => clearTimeout(timeout);
};
