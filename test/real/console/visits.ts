import type { BrowserContext, Page, Response } from 'playwright-core';

const DEADLINE_MS = 20_000;
/** What a page says where an address leads nowhere. */
const DEAD =
  /No event has this id|No model has this name|No drift job has this name|There is no page at this address|No incident has this fingerprint|No runbook has this name|No team has this name|No span of trace|No event fits these filters|does not answer/u;

/** A page as a reader meets it. */
export interface Visit {
  readonly path: string;
  readonly title: string;
  /** All of its text, and what stands in its address, its title and its fields. */
  readonly text: string;
  readonly links: readonly string[];
  readonly faults: readonly string[];
}

/** Waits until nothing of the page is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('#main :is(h1, h2)').first().waitFor({ state: 'attached', timeout: DEADLINE_MS });
  await page.locator('.skeleton, [aria-busy="true"]').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
}

export async function textOf(page: Page): Promise<string> {
  return await page.evaluate<string>(
    `[location.href, document.title, document.body.textContent, ...[...document.querySelectorAll('input')].map(({ value }) => value)].join('\\n')`,
  );
}

/** As a click on a link does: the first page is loaded, each further one only drawn. */
async function follow(page: Page, base: string, path: string): Promise<void> {
  if (!page.url().startsWith(base)) {
    await page.goto(base + path);
    return;
  }
  await page.evaluate(`new Promise((drawn) => {
    history.pushState(null, '', ${JSON.stringify(path)});
    requestAnimationFrame(() => requestAnimationFrame(() => drawn()));
  })`);
}

/** Opens a page, and tells what is on it and what went wrong on the way. */
async function visit(page: Page, base: string, path: string): Promise<Visit> {
  const faults: string[] = [];
  const onResponse = (response: Response): void => {
    if (response.status() >= 400) faults.push(`${response.status()} of ${response.url()}`);
  };
  page.on('response', onResponse);
  try {
    await follow(page, base, path);
    await settled(page);
  } catch (error) {
    faults.push(String(error));
  }
  page.off('response', onResponse);
  const text = await textOf(page);
  const dead = DEAD.exec(text);
  if (dead !== null) faults.push(dead[0]);
  const links = await page.evaluate<string[]>(
    `[...document.querySelectorAll('a[href]')].map(({ href }) => new URL(href)).filter(({ origin }) => origin === location.origin)
      .map(({ pathname, search }) => pathname + search)`,
  );
  return { path, title: await page.title(), text, links, faults };
}

export interface Crawl {
  readonly base: string;
  readonly from: string;
  readonly maxPages: number;
  /** Pages that are open at the same time. */
  readonly tabs: number;
  /** Which links are followed; all where it is not told. */
  readonly follows?: (path: string) => boolean;
}

/** Follows every link of the console, breadth first. */
export async function crawl(
  context: BrowserContext,
  { base, from, maxPages, tabs, follows = () => true }: Crawl,
): Promise<readonly Visit[]> {
  const found = new Set([from]);
  const queue = [from];
  const visits: Visit[] = [];
  while (queue.length > 0 && visits.length < maxPages) {
    const round = queue.splice(0, Math.min(queue.length, maxPages - visits.length));
    for (const seen of await visitAll(context, { base, paths: round, tabs })) {
      visits.push(seen);
      const fresh = seen.links.filter((link) => !found.has(link) && follows(link));
      for (const link of new Set(fresh)) {
        found.add(link);
        queue.push(link);
      }
    }
  }
  return visits;
}

async function visitAll(
  context: BrowserContext,
  { base, paths, tabs }: { readonly base: string; readonly paths: readonly string[]; readonly tabs: number },
): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  const left = paths.entries();
  const work = async (): Promise<void> => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    for (const [index, path] of left) {
      const seen = await visit(page, base, path);
      visits[index] = { ...seen, faults: [...seen.faults, ...complaints.splice(0)] };
    }
    await page.close();
  };
  await Promise.all(Array.from({ length: Math.min(tabs, paths.length) }, work));
  return visits;
}

/** Epoch ms of a time of the API; NaN where there is none. */
export function msOf(time: string | null): number {
  return Date.parse(time ?? 'none');
}
