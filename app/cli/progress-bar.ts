import type { Clock } from '#core';
import type { LineProgress } from '../line.ts';
import { formatCount } from './tables.ts';

export interface ProgressOutput {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\u001b[2K';

/** The replay's progress: one line that is rewritten on a terminal, a line a month elsewhere. */
export class ProgressBar {
  readonly #output: ProgressOutput;
  readonly #clock: Clock;
  readonly #startedUs: number;
  readonly #startedAt: number;
  #month = '';
  #told = '';

  constructor(output: ProgressOutput, clock: Clock, eventsBefore: number) {
    this.#output = output;
    this.#clock = clock;
    this.#startedUs = clock.monotonicUs();
    this.#startedAt = eventsBefore;
  }

  /** Shows where the line stands. `total` is the number of events of the history, where it is known. */
  show(progress: LineProgress, total: number | undefined): void {
    const text = this.#line(progress, total);
    if (this.#output.isTTY) {
      this.#output.write(CLEAR_LINE + text.slice(0, Math.max(20, this.#output.columns - 1)));
      return;
    }
    const month = progress.eventTimeMs !== undefined ? new Date(progress.eventTimeMs).toISOString().slice(0, 7) : '';
    if (month === this.#month && (progress.happenings[0] ?? '') === this.#told) return;
    this.#month = month;
    this.#told = progress.happenings[0] ?? '';
    this.#output.write(`${text}\n`);
  }

  /** Ends the line on a terminal. */
  end(): void {
    if (this.#output.isTTY) this.#output.write(CLEAR_LINE);
  }

  #line(progress: LineProgress, total: number | undefined): string {
    const seconds = Math.max(0.001, (this.#clock.monotonicUs() - this.#startedUs) / 1e6);
    const perSecond = Math.round((progress.eventsRead - this.#startedAt) / seconds);
    const date = progress.eventTimeMs === undefined ? '          ' : new Date(progress.eventTimeMs).toISOString().slice(0, 10);
    const bar = total === undefined ? '' : `${drawBar(progress.eventsRead / total)} `;
    const counts = `${formatCount(progress.eventsRead).padStart(7)} events  ${formatCount(perSecond).padStart(6)}/s`;
    return `${bar}${date}  ${counts}  ${happened(progress)}`;
  }
}

function happened({ fates, happenings }: LineProgress): string {
  const counts = `${formatCount(fates.scored)} scored, ${formatCount(fates.quarantined)} quarantined`;
  return happenings[0] === undefined ? counts : `${counts}; ${happenings[0]}`;
}

function drawBar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}
