import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A TypeScript program of children/ in a process of its own. */
export interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  /** The next line of its stdout; throws when it has ended. */
  nextLine(): Promise<string>;
  /** kill -9, and waits until it is gone. Lines it wrote before can still be read. */
  kill(): Promise<void>;
}

/** Starts children/<name>.ts with a folder as its argument. */
export function startChild(name: string, folder: string): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', pathOfChild(name), folder]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  return {
    process: child,
    nextLine: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error(`the child ${name} ended`);
      return line.value;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Where a child's program is. */
export function pathOfChild(name: string): string {
  return fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
}
