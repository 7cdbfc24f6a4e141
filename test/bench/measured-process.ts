import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProcessTree, type TreeUsage } from './process-tree.ts';

const SAMPLE_EVERY_MS = 100;

export interface Usage {
  readonly wallSeconds: number;
  /** User and system, all threads. */
  readonly cpuSeconds: number;
  readonly maxRssBytes: number;
  /** The process and its descendants, sampled ten times a second (Linux). */
  readonly tree: TreeUsage;
  readonly output: string;
}

/** Runs node with these arguments to its end, in a folder of its own, and says what it used. Throws with its output if it fails. */
export async function measureProcess(args: (folder: string) => readonly string[]): Promise<Usage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'throughline-bench-'));
  const report = path.join(folder, 'usage.json');
  try {
    const hook = new URL('./resource-report.mjs', import.meta.url).href;
    const child = spawn(process.execPath, ['--import', hook, ...args(folder)], {
      env: { ...process.env, BENCH_REPORT: report },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const tree = new ProcessTree(child.pid ?? 0);
    const sampler = setInterval(() => tree.sample(), SAMPLE_EVERY_MS);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    }).finally(() => clearInterval(sampler));
    if (code !== 0) throw new Error(`the measured process ended with ${code}:\n${output}`);
    const usage: unknown = JSON.parse(await readFile(report, 'utf8'));
    return { ...(usage as Omit<Usage, 'output' | 'tree'>), tree: tree.usage, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
