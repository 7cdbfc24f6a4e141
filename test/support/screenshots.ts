import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { IncidentList } from '#core';
import { incidentHref } from '../../dashboards/console/words/links.ts';
import { openChromium } from '../real/console/chromium.ts';
import { type RealLine, startRealLine } from '../real/console/real-line.ts';
import { settled } from '../real/console/visits.ts';
import { setup as buildProduct } from './build-product.ts';

/*
 * `npm run screenshots`: the pictures of the README, from the bundled year in its live phase. Wants Chromium and pngquant
 * (`apt-get install chromium pngquant`). With addresses of a running line as arguments (the overview, the event), of that line.
 */

const FOLDER = path.join(import.meta.dirname, '../../docs/images');
const MAX_BYTES = 250_000;
/** After this much live traffic the figures of the first minute say nothing of the start any more. */
const WARM_UP_MS = 90_000;
const SIZE = { width: 1440, height: 1040 } as const;

interface Source {
  readonly url: string;
  readonly event: string;
}

/** Address of the newest incident that is diagnosed; undefined where the line has none: then its picture stays as it is. */
async function incidentOf(url: string): Promise<string | undefined> {
  const answer = await fetch(`${url}/api/incidents`);
  const { incidents } = (await answer.json()) as IncidentList;
  const found = incidents.find(({ firstHypothesis }) => firstHypothesis !== null);
  return found === undefined ? undefined : incidentHref(found.fingerprint, { startsAt: found.startsAt });
}

async function take({ url, event }: Source, colorScheme: 'light' | 'dark'): Promise<void> {
  const { context, close } = await openChromium({ viewport: SIZE, colorScheme });
  const page = context.pages()[0] ?? (await context.newPage());
  const incident = await incidentOf(url);
  const suffix = colorScheme === 'dark' ? '-dark' : '';
  for (const [name, address, waitFor] of [
    ['overview', '/', '.latest-list li'],
    ['journey', event, '.feature-table tbody tr'],
    ['models', '/models/repurchase', '.line-lanes, svg'],
    ['drift', '/drift/repurchase-weekly', 'table'],
    ['slos', '/slos', '.slo-card, .rules-table'],
    ['runbook', '/runbooks/LatencyBudgetBurn', '.runbook-sections'],
    ...(incident === undefined ? [] : [['incident', incident, '.leading-cause'] as const]),
  ] as const) {
    await page.goto(url + address);
    await settled(page);
    await page.locator(waitFor).first().waitFor();
    await page.getByText('up to date').waitFor();
    const file = path.join(FOLDER, `${name}${suffix}.png`);
    await page.screenshot({ path: file });
    execFileSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--output', file, '--speed', '1', '256', file]);
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes, more than ${MAX_BYTES}`);
    process.stdout.write(`${file}: ${Math.round(size / 1000)} kB\n`);
  }
  await close();
}

/** An own line where none is given. */
async function open(): Promise<Source & { close(): Promise<void> }> {
  const [url, event] = process.argv.slice(2);
  if (url !== undefined && event !== undefined) return { url, event, close: async () => undefined };
  buildProduct();
  const data = mkdtempSync(path.join(tmpdir(), 'throughline-screenshots-'));
  const line: RealLine = await startRealLine(data);
  await setTimeout(WARM_UP_MS);
  return {
    url: line.url,
    event: line.links.predicted,
    close: async () => {
      await line.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const source = await open();
try {
  for (const colorScheme of ['light', 'dark'] as const) await take(source, colorScheme);
} finally {
  await source.close();
}
