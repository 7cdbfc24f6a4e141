import { expect, test } from 'vitest';
import { type Database, ManualClock } from '#core';
import { QualityBoard } from '../../app/quality-board.ts';

/** A store that says how often it was asked: its answer has as many scored events. */
function countingBoard(): { readonly board: QualityBoard; readonly clock: ManualClock; readonly asked: () => number } {
  const clock = new ManualClock();
  let asked = 0;
  const none = { matured: 0, positives: 0, right: 0, logLossSum: 0, calibrationGap: 0, auc: 0 };
  const totals = () => [{ month: '', scored: ++asked, governed: none, frozen: none, models: {} }];
  const database = { query: async () => totals() } as unknown as Database;
  return { board: new QualityBoard({ database, clock, pipeline: 'p', finalBeforeMs: () => 0 }), clock, asked: () => asked };
}

test('those who watch get the last table until it is ten seconds old', async () => {
  const { board, clock, asked } = countingBoard();
  for (let times = 0; times < 5; times++) expect((await board.latest()).total.scored).toBe(1);
  clock.advance(10_000);
  expect((await board.latest()).total.scored).toBe(1);
  expect(asked()).toBe(2);
});

test('who asks for a table of now gets one that was begun after the question', async () => {
  const { board } = countingBoard();
  await board.latest();
  expect((await board.refreshed()).total.scored).toBe(2);
  const begunBefore = board.refreshed();
  expect((await board.refreshed()).total.scored).toBeGreaterThanOrEqual((await begunBefore).total.scored);
});
