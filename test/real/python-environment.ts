import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the checks in Python import; Python 3.11 or newer has wheels for all of them. */
const REQUIREMENTS = [
  'numpy==2.4.6',
  'scipy==1.17.1',
  'scikit-learn==1.9.1',
  // Its library wants libgomp.so.1 of the system.
  'lightgbm==4.7.0',
  'onnx==1.23.2',
  'protobuf==7.36.2',
  'ml_dtypes==0.6.0',
];

function cacheFolder(): string {
  return process.env['TEST_CACHE'] ?? join(homedir(), '.cache', 'throughline');
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/**
 * Path of a Python interpreter with the pinned packages, in a virtual environment under TEST_CACHE (or
 * ~/.cache/throughline). The first call installs from PyPI; a complete environment is used again, a half-made one made anew.
 */
export async function preparePython(): Promise<string> {
  const pins = createHash('sha256').update(REQUIREMENTS.join('\n')).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `python-${pins}`);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (await exists(complete)) return python;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS]);
  await writeFile(complete, `${REQUIREMENTS.join('\n')}\n`);
  return python;
}

/** Runs a script with JSON on its standard input and gives back the JSON it prints; throws with what it wrote to stderr. */
export async function runPython(python: string, script: string, input: unknown): Promise<unknown> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.end(JSON.stringify(input));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${errors}`);
  return JSON.parse(output);
}
