import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildDashboards } from '../../../app/cli/dashboards.ts';
import { runCli } from '../../../app/cli/program.ts';
import { ROOT } from '../../support/repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WORKSPACE = path.join(ROOT, 'examples/retail');
const signal = new AbortController().signal;

async function build(flags: { readonly out: string; readonly console?: string }): Promise<string> {
  let text = '';
  await buildDashboards({ workspace: WORKSPACE, ...flags }, { write: (part) => void (text += part) });
  return text;
}

describe('throughline dashboards build', () => {
  it('writes what stands in the reference, and says where it belongs', async () => {
    const out = await temporaryFolder();
    const said = await build({ out });
    const folder = path.join(ROOT, 'docs/reference/grafana');
    const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(?:json|yaml)$/u.test(name));
    expect(names.length).toBeGreaterThan(7);
    for (const name of names)
      expect(await readFile(path.join(out, 'grafana', name), 'utf8')).toBe(await readFile(path.join(folder, name), 'utf8'));
    expect(said).toContain(`written    grafana/dashboards/throughline-pipeline.json`);
    expect(said).toContain('grafana/dashboards/    → /var/lib/grafana/dashboards/throughline/');
    expect(await build({ out })).toContain('unchanged  grafana/dashboards/throughline-pipeline.json');
  });

  it('puts the address of the console into links and contact point', async () => {
    const out = await temporaryFolder();
    await build({ out, console: 'https://throughline.example.org' });
    const rules = await readFile(path.join(out, 'grafana/provisioning/alerting/throughline-rules.yaml'), 'utf8');
    expect(rules).toContain('runbook_url: https://throughline.example.org/runbooks/LatencyBudgetBurn');
    expect(rules).not.toContain('127.0.0.1');
  });

  it('ends with 2 where it is not told where to write, or where the console is no address', async () => {
    expect(await runCli(['dashboards', 'build'], signal)).toBe(2);
    expect(await runCli(['dashboards', 'build', '--out', await temporaryFolder(), '--console', 'here'], signal)).toBe(2);
  });
});
