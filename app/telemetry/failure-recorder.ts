import {
  type Clock,
  type EventLog,
  type FailureRecord,
  HEADERS,
  type LogPosition,
  messageOf,
  type RecordHeaders,
  ThroughlineError,
  TOPICS,
} from '#core';
import type { PipelineFailure } from '#runtime';

export interface FailureRecorderDeps {
  readonly log: Pick<EventLog, 'commit'>;
  readonly clock: Clock;
  readonly pipeline: string;
  /** The pipeline's consumer group. */
  readonly group: string;
}

const MAX_MESSAGE = 500;
const JSON_HEADERS: RecordHeaders = { [HEADERS.contentType]: 'application/json' };

/** Writes what kept a pipeline from going on to TOPICS.failures. Best effort: a log that fails has told so already. */
export class FailureRecorder {
  readonly #deps: FailureRecorderDeps;
  #pending: Promise<unknown> = Promise.resolve();
  #lost = 0;

  constructor(deps: FailureRecorderDeps) {
    this.#deps = deps;
  }

  /** Failures that could not be written since the start. */
  get lost(): number {
    return this.#lost;
  }

  /** Returns at once, never throws. */
  record(failure: PipelineFailure): void {
    const value = JSON.stringify(this.#recordOf(failure));
    const records = [{ topic: TOPICS.failures, partition: 0, headers: JSON_HEADERS, value }];
    this.#pending = this.#deps.log.commit({ records }).catch(() => {
      this.#lost += 1;
    });
  }

  /** Resolves when the last one is written, or lost. */
  async settled(): Promise<void> {
    await this.#pending;
  }

  #recordOf({ error, attempt, isStopped }: PipelineFailure): FailureRecord {
    const { clock, pipeline, group } = this.#deps;
    const details = error instanceof ThroughlineError ? error.details : {};
    return {
      atMs: clock.now(),
      pipeline,
      group,
      stage: typeof details['stage'] === 'string' ? details['stage'] : '',
      position: positionIn(details['position']),
      event: eventIn(details['event']),
      errorCode: error instanceof ThroughlineError ? error.code : 'unexpected',
      message: messageOf(error).slice(0, MAX_MESSAGE),
      attempt,
      isStopped,
    };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function positionIn(value: unknown): LogPosition | null {
  if (!isObject(value)) return null;
  const { topic, partition, offset } = value;
  if (typeof topic !== 'string' || typeof partition !== 'number' || typeof offset !== 'number') return null;
  return { topic, partition, offset };
}

function eventIn(value: unknown): FailureRecord['event'] {
  if (!isObject(value)) return null;
  const { source, id, type } = value;
  return typeof source === 'string' && typeof id === 'string' && typeof type === 'string' ? { source, id, type } : null;
}
