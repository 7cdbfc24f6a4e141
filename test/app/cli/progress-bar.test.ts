import { describe, expect, test } from 'vitest';
import { ManualClock } from '#core';
import { emptyFates } from '#runtime';
import { ProgressBar } from '../../../app/cli/progress-bar.ts';
import type { LineProgress } from '../../../app/line.ts';

function at(eventsRead: number, time: string, happenings: readonly string[] = []): LineProgress {
  return {
    published: eventsRead,
    eventsRead,
    eventTimeMs: Date.parse(time),
    fates: emptyFates(),
    reasons: {},
    outcomes: { positive: 0, negative: 0, open: 0 },
    isReplayDone: false,
    replay: { state: 'backlog', speed: undefined },
    happenings,
  };
}

function barOn(isTTY: boolean): { bar: ProgressBar; clock: ManualClock; written: () => string } {
  let text = '';
  const clock = new ManualClock(0);
  const bar = new ProgressBar({ isTTY, columns: 80, write: (more) => void (text += more) }, clock, 0);
  return { bar, clock, written: () => text };
}

describe('the progress bar', () => {
  test('shows share, date, events, rate and what just happened, on one line of a terminal', () => {
    const { bar, clock, written } = barOn(true);
    clock.advance(2000);
    bar.show(at(5000, '2011-03-31T08:00:00Z', ['repurchase v1 promoted']), 10_000);
    const line = written().replace('\r\u001b[2K', '');
    expect(line).toBe('████████████░░░░░░░░░░░░ 2011-03-31    5,000 events   2,500/s  0 scored, 0 quaran'.slice(0, 79));
    bar.end();
    expect(written().endsWith('\r\u001b[2K')).toBe(true);
  });

  test('elsewhere writes a line a month, and one for each thing that happens', () => {
    const { bar, clock, written } = barOn(false);
    clock.advance(1000);
    bar.show(at(1, '2011-01-01T00:00:00Z'), undefined);
    bar.show(at(2, '2011-01-20T00:00:00Z'), undefined);
    bar.show(at(3, '2011-02-01T00:00:00Z'), undefined);
    bar.show(at(4, '2011-02-02T00:00:00Z', ['training']), undefined);
    bar.show(at(5, '2011-02-03T00:00:00Z', ['training']), undefined);
    const lines = written().trimEnd().split('\n');
    expect(lines.map((line) => line.trim().slice(0, 10))).toEqual(['2011-01-01', '2011-02-01', '2011-02-02']);
    expect(lines[2]).toMatch(/training$/u);
  });
});
