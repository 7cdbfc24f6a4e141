import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWorkspace, loadWorkspace, placeOf, sentenceOf } from '../../../app/config/index.ts';
import { ROOT } from '../../support/repository.ts';
import { BROKEN_ALERTS } from './broken-alerts.ts';
import { BROKEN_FILES } from './broken-files.ts';
import { BROKEN_REFERENCES } from './broken-references.ts';
import { BROKEN_RUNBOOKS, RUNBOOK } from './broken-runbooks.ts';
import { FILES, SOUND_WORKSPACE, writeWorkspace } from './workspace-fixture.ts';

async function problemsOf(folder: string): Promise<readonly string[]> {
  const verdict = await checkWorkspace(folder);
  return verdict.ok
    ? []
    : verdict.problems.map((problem) => `${placeOf(problem)} ${sentenceOf(problem)}`.replaceAll(folder, '<folder>'));
}

function expectProblems(problems: readonly string[], expected: readonly (string | RegExp)[]): void {
  expect(problems).toHaveLength(expected.length);
  for (const [index, sentence] of expected.entries()) {
    if (typeof sentence === 'string') expect(problems[index]).toBe(sentence);
    else expect(problems[index]).toMatch(sentence);
  }
}

const { contract: CONTRACT, view: VIEW, model: MODEL, pipeline: PIPELINE } = FILES;

describe('checkWorkspace', () => {
  it.each([...BROKEN_FILES, ...BROKEN_REFERENCES, ...BROKEN_RUNBOOKS])(
    'tells %s by file and line',
    async (_name, edits, expected) => expectProblems(await problemsOf(await writeWorkspace(edits)), expected),
  );

  // Their workspaces have no runbooks, which is told too.
  it.each(BROKEN_ALERTS)('tells %s by file and line', async (_name, edits, expected) => {
    const problems = await problemsOf(await writeWorkspace(edits));
    expectProblems(
      problems.filter((problem) => !/ has no runbook; /u.test(problem)),
      expected,
    );
  });

  it('finds nothing wrong with a sound workspace', async () => {
    expect(await problemsOf(await writeWorkspace())).toEqual([]);
  });

  it('takes a workspace of contracts alone', async () => {
    const folder = await writeWorkspace([VIEW, MODEL, PIPELINE, 'replay.yaml'].map((file) => ({ file, by: null })));
    expect(await problemsOf(folder)).toEqual([]);
  });

  it('takes a runbook of Windows line ends and a byte order mark, beside a README', async () => {
    const alert = 'alert: PipelineSilent\nowner: data\ndescription: Silence.\npipeline: again\nseverity: page\n';
    const folder = await writeWorkspace([
      { file: 'alerts/silent.yaml', by: alert },
      { file: 'runbooks/PipelineSilent.md', by: `\uFEFF${RUNBOOK}`.replaceAll('\n', '\r\n') },
      { file: 'runbooks/README.md', by: 'What lies here.\n' },
    ]);
    expect(await problemsOf(folder)).toEqual([]);
    expect((await loadWorkspace(folder)).runbooks.get('PipelineSilent')?.sections[1]).toEqual({
      title: 'Impact',
      markdown: 'No scores.',
    });
  });

  it('points through an alias at the value that it stands for', async () => {
    const folder = await writeWorkspace([
      { file: VIEW, replace: '- name: count_30d', by: '- &first\n    name: count_30d' },
      { file: VIEW, replace: 'window: 30d', by: 'window: 36h' },
    ]);
    expect(await problemsOf(folder)).toEqual([
      'features/purchases.yaml:13:13 window 36h is not a multiple of the granularity 1d; choose a multiple, or a finer granularity',
    ]);
  });

  it('takes Windows line ends, and a byte order mark', async () => {
    const text = `\uFEFF${SOUND_WORKSPACE[VIEW] ?? ''}`.replaceAll('\n', '\r\n');
    const folder = await writeWorkspace([{ file: VIEW, by: text }]);
    expect(await problemsOf(folder)).toEqual([]);
  });

  it('counts what it does not tell: at most 50 problems a file', async () => {
    const features = Array.from({ length: 200 }, () => '  - 1\n').join('');
    const folder = await writeWorkspace([{ file: 'features/many.yaml', by: `features:\n${features}` }]);
    expect(await problemsOf(folder)).toHaveLength(50);
  });

  it('says what to do where there is no workspace', async () => {
    const folder = await writeWorkspace([{ file: 'workspace.yaml', by: null }]);
    const advice = 'name one with --workspace, THROUGHLINE_WORKSPACE or workspace in throughline.yaml';
    expect(await problemsOf(join(folder, 'nowhere'))).toEqual([` there is no such folder; ${advice}`]);
    expect(await problemsOf(join(folder, MODEL))).toEqual([` a workspace is a folder, and this is a file; ${advice}`]);
    expect(await problemsOf(folder)).toEqual([` the folder is no workspace: it has no workspace.yaml; write one, or ${advice}`]);
  });

  it('tells a file that cannot be read', async () => {
    const folder = await writeWorkspace();
    await rm(join(folder, MODEL));
    await mkdir(join(folder, MODEL));
    expect(await problemsOf(folder)).toEqual([expect.stringMatching(/^models\/again\.yaml the file cannot be read: EISDIR/u)]);
  });
});

describe('loadWorkspace', () => {
  it('gives the objects, and the file of each', async () => {
    const workspace = await loadWorkspace(await writeWorkspace());
    expect(workspace).toMatchObject({ name: 'small', replay: { source: 'year' } });
    expect(workspace.contracts.subjects()).toEqual(['bought', 'predicted']);
    const objects = [...workspace.contracts.list(), ...workspace.views, ...workspace.pipelines, ...workspace.models];
    expect(objects.map((object) => workspace.files.get(object))).toEqual([
      CONTRACT,
      'contracts/predicted.yaml',
      VIEW,
      PIPELINE,
      MODEL,
    ]);
  });

  it('fails with every problem in its message', async () => {
    const folder = await writeWorkspace([
      { file: MODEL, replace: 'count_30d', by: 'count_3d' },
      { file: VIEW, replace: 'owner: data', by: 'owner: nobody' },
    ]);
    await expect(loadWorkspace(folder)).rejects.toMatchObject({
      code: 'CONFIG_WORKSPACE_BROKEN',
      message: expect.stringMatching(
        /has 2 problems:\n {2}.*features\/purchases\.yaml:3:8: .*\n {2}.*models\/again\.yaml:5:14: /u,
      ) as string,
    });
  });

  it('finds the bundled workspace sound', async () => {
    const workspace = await loadWorkspace(join(ROOT, 'examples/retail'));
    expect(workspace.contracts.subjects()).toEqual([
      'basket.updated',
      'purchase.cancelled',
      'purchase.completed',
      'repurchase.predicted',
      'winback.suggested',
    ]);
    expect(workspace.slos.map(({ sli }) => sli).sort()).toEqual(['contract', 'freshness', 'latency', 'outcomes', 'retraining']);
    expect(workspace.alerts).toHaveLength(11);
  });
});
