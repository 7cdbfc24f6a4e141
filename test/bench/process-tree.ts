import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants have used so far. */
export interface TreeUsage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** Kernel ticks a second, and bytes a page, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
const PARENT_FIELD = 1;
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;
const RSS_FIELD = 21;

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

function readProcess(pid: number): ProcessLine | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (index: number): number => Number(fields[index]);
    return { pid, parent: at(PARENT_FIELD), ticks: at(USER_FIELD) + at(SYSTEM_FIELD), pages: at(RSS_FIELD) };
  } catch {
    return undefined; // It ended meanwhile.
  }
}

/** Follows a process and its descendants, those that end too: call sample() often. Linux only; elsewhere everything is 0. */
export class ProcessTree {
  readonly #root: number;
  readonly #ticks = new Map<number, number>();
  #peakBytes = 0;

  constructor(root: number) {
    this.#root = root;
  }

  sample(): void {
    const lines = listProcesses();
    const members = new Set([this.#root]);
    for (let size = 0; size !== members.size; ) {
      size = members.size;
      for (const { pid, parent } of lines) if (members.has(parent)) members.add(pid);
    }
    let pages = 0;
    for (const line of lines) {
      if (!members.has(line.pid)) continue;
      pages += line.pages;
      this.#ticks.set(line.pid, line.ticks);
    }
    this.#peakBytes = Math.max(this.#peakBytes, pages * PAGE_BYTES);
  }

  /** CPU of all that were seen, and the largest sum of resident memory. */
  get usage(): TreeUsage {
    const ticks = [...this.#ticks.values()].reduce((sum, own) => sum + own, 0);
    return { cpuSeconds: ticks / TICKS_PER_SECOND, rssBytes: this.#peakBytes };
  }
}

function listProcesses(): ProcessLine[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .flatMap((name) => readProcess(Number(name)) ?? []);
  } catch {
    return [];
  }
}
