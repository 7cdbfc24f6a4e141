import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/u;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface ProcessOptions {
  /** Added to the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Current folder; default: the project's. */
  readonly folder?: string;
  /** No file may grow beyond this: how a full disk feels, without one. */
  readonly maxFileKilobytes?: number;
}

/** The environment without settings that whoever runs the tests may have. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('THROUGHLINE_')));
}

/** A real `throughline` process, from the build. */
export class ThroughlineProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #waiting: (() => void)[] = [];
  #output = '';
  #isEnded = false;

  constructor(args: readonly string[], options: ProcessOptions = {}) {
    const command = [process.execPath, path.join(root, 'dist/app/main.js'), ...args];
    const limit = options.maxFileKilobytes;
    const [program = '', ...words] =
      limit === undefined ? command : ['bash', '-c', `ulimit -f ${limit}; exec "$0" "$@"`, ...command];
    this.child = spawn(program, words, {
      env: { ...withoutSettings(process.env), ...options.environment },
      cwd: options.folder ?? root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
        this.#wake();
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        this.#isEnded = true;
        this.#wake();
        resolve({ code, signal, output: this.#output });
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves with the match once the output holds it; rejects with the output if the process ends before. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match[0];
      if (this.#isEnded) throw new Error(`the process ended before it said ${pattern}:\n${this.#output}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** GET of a path as JSON, once the server is up. */
  async get(apiPath: string): Promise<unknown> {
    const address = await this.until(ADDRESS);
    return (await fetch(`${address}${apiPath}`)).json();
  }

  /** Ends it at once, as a power cut of the process would. */
  async kill(): Promise<Ended> {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  /** Ctrl-C. */
  async interrupt(): Promise<Ended> {
    this.child.kill('SIGINT');
    return this.ended;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
