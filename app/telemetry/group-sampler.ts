import {
  type Clock,
  type EventLog,
  type GroupLag,
  type GroupSampleRecord,
  HEADERS,
  messageOf,
  type NewRecord,
  type RecordHeaders,
  TOPICS,
} from '#core';

export interface GroupSamplerDeps {
  readonly log: Pick<EventLog, 'bounds' | 'commit' | 'describeGroup' | 'lag' | 'read'>;
  readonly clock: Clock;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly everyMs: number;
  readonly groups: readonly { readonly group: string; readonly topic: string }[];
}

const JSON_HEADERS: RecordHeaders = { [HEADERS.contentType]: 'application/json' };

/** Writes down where consumer groups stand, again and again, whether or not anybody reads: a group that died is told so. */
export class GroupSampler {
  readonly #deps: GroupSamplerDeps;
  #failures = 0;
  #problem: string | undefined;

  constructor(deps: GroupSamplerDeps) {
    this.#deps = deps;
  }

  /** Samples that could not be taken or written since the start, and why the last one was not. */
  get state(): { readonly failures: number; readonly problem: string | undefined } {
    return { failures: this.#failures, problem: this.#problem };
  }

  /** Samples until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.sample();
        this.#problem = undefined;
      } catch (error) {
        this.#failures += 1;
        this.#problem = messageOf(error);
      }
      await this.#deps.wait(this.#deps.everyMs, signal);
    }
  }

  /** One sample of all groups, in one commit. Throws BROKER_*. */
  async sample(): Promise<void> {
    const records: NewRecord[] = [];
    for (const { group, topic } of this.#deps.groups) {
      const { members } = await this.#deps.log.describeGroup(group);
      for (const lag of await this.#deps.log.lag(group, topic)) {
        const value = JSON.stringify(await this.#sampleOf(group, lag, members));
        records.push({ topic: TOPICS.groups, partition: 0, headers: JSON_HEADERS, value });
      }
    }
    if (records.length > 0) await this.#deps.log.commit({ records });
  }

  async #sampleOf(group: string, lag: GroupLag, members: number): Promise<GroupSampleRecord> {
    const { topic, partition, committed, end, lagRecords } = lag;
    const atMs = this.#deps.clock.now();
    const lagMs = lagRecords === 0 ? 0 : Math.max(0, atMs - (await this.#firstUnreadMs(lag, atMs)));
    return { atMs, group, topic, partition, members, committed: committed ?? null, end, lagRecords, lagMs };
  }

  /** When the log took the first unread record. */
  async #firstUnreadMs({ topic, partition, committed }: GroupLag, nowMs: number): Promise<number> {
    const { log } = this.#deps;
    const { start } = await log.bounds({ topic, partition });
    const from = Math.max(committed ?? start, start);
    for await (const { timestampMs } of log.read({ topic, partition, from, to: from + 1 })) return timestampMs;
    return nowMs;
  }
}
