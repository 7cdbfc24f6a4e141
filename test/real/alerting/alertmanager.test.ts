import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AlertRule, systemClock, TOPICS } from '#core';
import { AlertEvaluator, AlertNotifier } from '#runbooks';
import { openEmbeddedLog } from '#runtime';
import { loadWorkspace } from '../../../app/config/index.ts';
import { wait } from '../../../app/wait.ts';
import { serveOperations } from '../../app/http/operations-server.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { alertmanagerPath } from './debian-programs.ts';

const EVERY_MS = 500;
const PATIENCE = { timeout: 30_000, interval: 200 } as const;
const { database } = telemetryForFile();

/** A rule whose one series is over its threshold for some seconds. */
function ruleUntil(endMs: number): AlertRule {
  return {
    id: 'lag',
    alert: 'ConsumerGroupLagging',
    severity: 'page',
    pipeline: 'repurchase',
    owner: 'growth-analytics',
    labels: { severity: 'page', pipeline: 'repurchase', team: 'growth-analytics' },
    labelColumns: ['group'],
    summary: '{group} is {value} s behind',
    description: 'Made “here”: ü, \\ and "quotes".',
    sql: `SELECT 'Grüße "a"' AS group, toFloat64(7.5) AS value FROM numbers(1) WHERE {nowMs:Int64} < ${endMs}`,
    threshold: 1,
    forMs: EVERY_MS,
    noData: 'ok',
    promql: '1',
    panel: { dashboardUid: 'throughline-pipeline', panelId: 5 },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : expect.fail();
}

interface KnownAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A real Alertmanager that sends all it is told, at once, to a webhook. */
async function startAlertmanager(webhook: string) {
  const folder = await temporaryFolder();
  const port = await freePort();
  const config = `route: { receiver: back, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers: [{ name: back, webhook_configs: [{ url: '${webhook}', send_resolved: true }] }]
`;
  await writeFile(join(folder, 'alertmanager.yml'), config);
  const child: ChildProcess = spawn(
    alertmanagerPath(),
    [
      '--config.file=alertmanager.yml',
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const url = `http://127.0.0.1:${port}`;
  const isReady = async (): Promise<boolean> =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isReady, PATIENCE).toBe(true);
  const alerts = async (): Promise<readonly KnownAlert[]> =>
    (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly KnownAlert[];
  return { url, alerts };
}

describe('an Alertmanager', () => {
  it('hears what fires and what is resolved; what it sends back opens no second incident', async () => {
    const { server, incidents } = await serveOperations(await loadWorkspace('examples/retail'), undefined);
    const received: { readonly status: string; readonly fingerprint: string; readonly answer: number }[] = [];
    server.addHook('onResponse', async (request, reply) => {
      const { alerts } = request.body as {
        readonly alerts: readonly { readonly status: string; readonly fingerprint: string }[];
      };
      received.push(...alerts.map(({ status, fingerprint }) => ({ status, fingerprint, answer: reply.statusCode })));
    });
    const publicUrl = await server.listen({ port: 0, host: '127.0.0.1' });
    const alertmanager = await startAlertmanager(`${publicUrl}/api/alerts`);

    const log = await openEmbeddedLog({ folder: await temporaryFolder(), clock: systemClock });
    await log.createTopic({ name: TOPICS.alerts, partitions: 1, retention: {} });
    const targets = [{ name: 'ops', kind: 'alertmanager', url: alertmanager.url }] as const;
    const notifier = new AlertNotifier({ targets, clock: systemClock, publicUrl: () => publicUrl });
    let endMs = Number.MAX_SAFE_INTEGER;
    const rule = ruleUntil(0);
    const evaluator = new AlertEvaluator({
      database: database(),
      log,
      clock: systemClock,
      wait,
      // Over its threshold until the test says otherwise.
      rules: [
        {
          ...rule,
          get sql() {
            return ruleUntil(endMs).sql;
          },
        },
      ],
      everyMs: EVERY_MS,
      publicUrl: () => publicUrl,
      onRound: async (told) => {
        await incidents.take(told);
        notifier.tell(told);
      },
    });
    const abort = new AbortController();
    const running = evaluator.run(abort.signal);
    onTestFinished(async () => {
      abort.abort();
      await running;
      await notifier.stop();
      await log.close();
    });

    await expect.poll(alertmanager.alerts, PATIENCE).toHaveLength(1);
    const [ours] = evaluator.alerts();
    const [theirs] = await alertmanager.alerts();
    expect(theirs).toMatchObject({
      // The same function of the same labels.
      fingerprint: ours?.fingerprint,
      startsAt: new Date(ours?.startsAtMs ?? 0).toISOString(),
      labels: { ...rule.labels, alertname: 'ConsumerGroupLagging', group: 'Grüße "a"' },
      annotations: ours?.annotations,
    });
    expect(notifier.states()).toMatchObject([{ problem: null, lastSuccessMs: expect.any(Number) }]);

    const back = { fingerprint: ours?.fingerprint, answer: 200 };
    await expect.poll(() => received, PATIENCE).toEqual([{ ...back, status: 'firing' }]);
    expect(incidents.list()).toMatchObject([{ fingerprint: ours?.fingerprint, origin: 'throughline', endsAtMs: null }]);

    endMs = 0;
    await expect.poll(alertmanager.alerts, PATIENCE).toEqual([]);
    await expect
      .poll(() => received, PATIENCE)
      .toEqual([
        { ...back, status: 'firing' },
        { ...back, status: 'resolved' },
      ]);
    expect(incidents.list()).toMatchObject([{ endsAtMs: expect.any(Number) }]);
  });
});
