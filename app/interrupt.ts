import process from 'node:process';

const INTERRUPTED_EXIT_CODE = 130;

/** Aborts at the first Ctrl-C or SIGTERM, so that everything stops cleanly; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE);
    process.stderr.write('\nstopping; Ctrl-C again ends at once\n');
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}
