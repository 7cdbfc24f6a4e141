import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { consoleFolder } from '#dashboards';

const MAX_FIRST_SCREEN_BYTES = 80_000;

interface Stamp {
  readonly files: readonly string[];
  readonly scriptBytes: Readonly<Record<string, number>>;
  readonly firstScreenBytes: number;
}

const folder = consoleFolder();
const stamp = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8')) as Stamp;
const scripts = stamp.files.filter((file) => file.endsWith('.js'));

/** Bytes that travel: the compressed form, or the file where there is none. */
function travelBytes(file: string, form: 'br' | 'gz'): number {
  const compressed = join(folder, `${file}.${form}`);
  return statSync(existsSync(compressed) ? compressed : join(folder, file)).size;
}

function sum(files: readonly string[], form: 'br' | 'gz'): number {
  return files.reduce((total, file) => total + travelBytes(file, form), 0);
}

/** The scripts of the first screen, by another way than the build's: all but the chunks of the other pages. */
function firstScreenScripts(): readonly string[] {
  return scripts.filter((file) => !/(?:event|search|trace|models|drift|incidents|slos|runbooks|teams)-page/u.test(file));
}

describe('the built console', () => {
  it('loads no more than 80 kB of compressed script on its first screen', () => {
    expect(sum(firstScreenScripts(), 'br')).toBeLessThanOrEqual(MAX_FIRST_SCREEN_BYTES);
    expect(sum(firstScreenScripts(), 'gz')).toBeLessThanOrEqual(MAX_FIRST_SCREEN_BYTES);
  });

  it('counts what it loads as it is', () => {
    expect(Object.keys(stamp.scriptBytes).sort()).toEqual([
      'drift',
      'event',
      'incidents',
      'models',
      'overview',
      'runbooks',
      'search',
      'slos',
      'teams',
      'trace',
    ]);
    expect(stamp.firstScreenBytes).toBeGreaterThan(30_000);
    expect(stamp.firstScreenBytes).toBeLessThanOrEqual(sum(firstScreenScripts(), 'br'));
  });

  it('lies there compressed, and the forms agree', () => {
    const large = stamp.files.filter((file) => statSync(join(folder, file)).size > 1_000);
    expect(large.length).toBeGreaterThan(5);
    for (const file of large) {
      const whole = readFileSync(join(folder, file));
      expect(brotliDecompressSync(readFileSync(join(folder, `${file}.br`))).equals(whole)).toBe(true);
      expect(gunzipSync(readFileSync(join(folder, `${file}.gz`))).equals(whole)).toBe(true);
    }
  });

  it('names its assets by their content, so that they may be kept for ever', () => {
    expect(stamp.files.filter((file) => !/^assets\/[\w-]+-[\w-]{8}\.(?:js|css|svg)$|^index\.html$/u.test(file))).toEqual([]);
  });

  it('has nothing inline and nothing from elsewhere', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/gu)].map(([, address]) => address ?? '');
    expect(addresses.length).toBeGreaterThanOrEqual(4);
    expect(addresses.filter((address) => !address.startsWith('/assets/'))).toEqual([]);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style="|\son\w+="/u);
  });

  it('sets the chosen colours with a script that blocks and imports nothing', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    const early = /<script src="\/(assets\/theme-[^"]+)"><\/script>/u.exec(html)?.[1] ?? '';
    expect(readFileSync(join(folder, early), 'utf8')).not.toMatch(/\b(?:import|export)\b/u);
  });
});
